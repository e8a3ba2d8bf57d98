import { deleteUnused } from '#src/services/inputs/delete-unused.ts';
import { deleteRemoved } from '#src/services/results/delete-removed.ts';
import { expirePreviews } from '#src/services/results/expire-previews.ts';
import { createLoop } from './loop.ts';

const EVERY_MS = 3_600_000;

/** Once an hour, deletes previews that are old enough, what its owners moved to the trash long enough ago, and uploads that nobody has. */
export function createDeletion(
  deps: Parameters<typeof deleteRemoved>[0] & Parameters<typeof expirePreviews>[0] & Parameters<typeof deleteUnused>[0],
) {
  let stopped = false;
  const loop = createLoop(
    'deletion',
    EVERY_MS,
    async () => {
      await expirePreviews(deps);
      while (!stopped && (await deleteRemoved(deps)) > 0);
      if (!stopped) await deleteUnused(deps);
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
