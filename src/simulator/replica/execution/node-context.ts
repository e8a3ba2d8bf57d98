import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeContext } from '../../nodes/node.ts';
import { outputPlace } from '../../nodes/output-path.ts';
import { writeInPieces } from '../../nodes/write-file.ts';
import type { QueueItem } from '../heap.ts';
import { atLeast, since } from '../version.ts';
import { extraPnginfo } from './node-values.ts';
import type { Progress } from './progress.ts';
import type { Worker } from './worker.ts';

type Run = {
  worker: Worker;
  item: QueueItem;
  progress: Progress;
  ended: Promise<void>;
  throwIfInterrupted: () => void;
};

/** What a node can do to its worker while it runs. */
export function nodeContext(run: Run, id: string, classType: string): NodeContext {
  const { worker, item, progress, ended, throwIfInterrupted } = run;
  const { outputs, inputs, temp, pace, faults, sockets, used, disableMetadata, version } = worker;
  const bareCounters = atLeast(version, since.bareCounters);
  const alwaysMetadata = { prompt: item.prompt, extra: extraPnginfo(item) };
  const pause = (ms: number): Promise<void> =>
    ms * pace > 0 ? sleep(ms * pace) : new Promise((resolve) => setImmediate(resolve));
  return {
    nodeId: id,
    classType,
    outputs,
    inputs,
    temp,
    pace,
    secrets: item.secrets,
    ended,
    alwaysMetadata,
    metadata: disableMetadata ? null : alwaysMetadata,
    pause,
    progress: async (value, max, preview) => {
      throwIfInterrupted();
      progress.step(id, value, max, preview);
      if (faults.slowByMs > 0) await sleep(faults.slowByMs);
    },
    sendText: (text) => sockets.textOfNode(id, text),
    firstUse: (name) => {
      const first = !used.has(name);
      used.add(name);
      return first;
    },
    place: (prefix, type, width, height) =>
      outputPlace(prefix, type === 'output' ? outputs : temp, { width, height }, bareCounters),
    writeFile: (file, pieces, pauseMs) =>
      writeInPieces(path.resolve(file), pieces, () => pause(pauseMs), {
        full: () => faults.strikes('diskFull', classType),
        die: () => faults.die(),
        dieAfter: async (written, next) => {
          const limit = faults.killAfterBytes(classType);
          if (limit === null || written + next < limit) return null;
          return (await faults.strikes('killMidFile', classType)) ? Math.max(0, limit - written) : null;
        },
      }),
  };
}
