import { drawSheet } from './contact-sheet-drawing.ts';
import { convert, withMask } from './picture-channels.ts';
import { measure, pack, shrink } from './picture-drawing.ts';
import { type PictureAnswer, type PictureTask, pictureTask } from './picture-task.ts';

/** The program of a process of its own: whatever a picture does to it, the server goes on. Has one task at a time. */
function make(task: PictureTask): Promise<unknown> {
  switch (task.type) {
    case 'measure':
      return measure(task.file);
    case 'shrink':
      return shrink(task.picture);
    case 'pack':
      return pack(task.picture);
    case 'convert':
      return convert(task.file, task);
    case 'mask':
      return withMask(task.file, task.mask);
    case 'sheet':
      return drawSheet(task.sheet);
  }
}

const answer = (said: PictureAnswer): void => void process.send?.(said);

process.on('message', (message) => {
  make(pictureTask.parse(message)).then(
    (made) => answer({ type: 'done', made }),
    (error: unknown) => answer({ type: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
// A Ctrl-C goes to all processes of a terminal, and the server still delivers what it has begun.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// An orderly exit would wait for a picture that hangs.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
