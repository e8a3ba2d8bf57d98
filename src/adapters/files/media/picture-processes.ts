import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { type PictureAnswer, type PictureTask, pictureAnswer } from './picture-task.ts';

const fromSource = import.meta.url.endsWith('.ts');
const PROGRAM = fileURLToPath(new URL(fromSource ? './picture-process.ts' : './picture-process.js', import.meta.url));
const LOADER = fromSource ? ['--import', 'tsx'] : [];
const MAX_HEAP_MIB = 256;

type Limits = {
  readonly MAX_MS: number;
  /** Of memory that it may write to; Node reserves far more. Where the system knows no such limit it runs without. */
  readonly MAX_KIB: number;
  /** Without work for so long, a process ends. */
  readonly MAX_IDLE_MS: number;
};
/** As many pictures at a time as are drawn, and one that a delivery waits for. */
const MAX_DRAWN = 2;
const MAX_MEASURED = 1;
const LIMITS: Limits = { MAX_MS: 30_000, MAX_KIB: 2 * 1024 * 1024, MAX_IDLE_MS: 5 * 60_000 };

function start({ MAX_KIB }: Limits): ChildProcess {
  const limited = `ulimit -d ${MAX_KIB} 2>/dev/null; exec "$0" "$@"`;
  const child = fork(PROGRAM, [], {
    execPath: '/bin/sh',
    execArgv: ['-c', limited, process.execPath, `--max-old-space-size=${MAX_HEAP_MIB}`, ...LOADER],
    // What reads strangers' files has none of our secrets.
    env: { NODE_ENV: 'production', TMPDIR: tmpdir() },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  // Whoever waits for it hears of it; between two pictures nobody does.
  child.on('error', () => undefined);
  return child;
}

/** Has a process do it, and kills one that takes too long. Whatever happens to the process, the answer is an error. */
async function ask(
  child: ChildProcess,
  task: PictureTask,
  { MAX_MS }: Limits,
  signal?: AbortSignal,
): Promise<PictureAnswer> {
  const kill = () => void child.kill('SIGKILL');
  const timer = setTimeout(kill, MAX_MS);
  signal?.addEventListener('abort', kill);
  child.channel?.ref();
  const over = new AbortController();
  const until = { signal: over.signal };
  try {
    const ended = once(child, 'exit', until).then(([code, killedBy]) => {
      throw new Error(`The picture exceeded its time or memory limit (${killedBy ?? `exit code ${code}`}).`);
    });
    const answered = once(child, 'message', until).then(([message]) => pictureAnswer.parse(message));
    child.send(task, (error) => error && kill());
    return await Promise.race([answered, ended]);
  } finally {
    over.abort();
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    child.channel?.unref();
  }
}

/** Processes that read and draw pictures. They are started when there is work, and stay a while for the next. */
export function createPictureProcesses(limits: Limits = LIMITS) {
  const idle: { readonly child: ChildProcess; readonly end: NodeJS.Timeout }[] = [];
  const drawing = new PQueue({ concurrency: MAX_DRAWN });
  const measuring = new PQueue({ concurrency: MAX_MEASURED });

  function take(): ChildProcess {
    for (let one = idle.pop(); one; one = idle.pop()) {
      clearTimeout(one.end);
      if (one.child.connected) return one.child;
    }
    return start(limits);
  }

  function keep(child: ChildProcess): void {
    const end = setTimeout(() => {
      idle.splice(
        idle.findIndex((one) => one.child === child),
        1,
      );
      child.kill('SIGKILL');
    }, limits.MAX_IDLE_MS).unref();
    idle.push({ child, end });
  }

  async function make(task: PictureTask, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const child = take();
    const answer = await ask(child, task, limits, signal);
    keep(child);
    if (answer.type === 'failed') throw new Error(answer.why);
    return answer.made;
  }

  return {
    /** Throws where nothing can be made of the picture. */
    make: (task: PictureTask, signal?: AbortSignal): Promise<unknown> =>
      (task.type === 'measure' ? measuring : drawing).add(() => make(task, signal)),
    /** Starts a process where there is none, so that the next picture does not wait for it. */
    prepare(): void {
      if (idle.length + drawing.pending + measuring.pending === 0) keep(start(limits));
    },
  };
}
