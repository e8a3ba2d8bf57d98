import { deleteRemoved } from '#src/services/results/delete-removed.ts';
import { createLoop } from './loop.ts';

const EVERY_MS = 3_600_000;

/** Once an hour, deletes what its owners put away long enough ago. */
export function createDeletion(deps: Parameters<typeof deleteRemoved>[0]) {
  let stopped = false;
  const loop = createLoop(
    'deletion',
    EVERY_MS,
    async () => {
      while (!stopped && (await deleteRemoved(deps)) > 0);
    },
    deps.log,
  );
  return {
    start: loop.start,
    stop() {
      stopped = true;
      return loop.stop();
    },
  };
}
