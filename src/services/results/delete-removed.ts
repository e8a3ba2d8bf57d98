import { RESTORABLE_MS } from '#src/domain/file-facts.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';

const AT_ONCE = 200;

/**
 * Deletes for good what was moved to the trash long enough ago; gives how many there were. Each is first given up, so that it cannot be restored while its
 * file goes, and forgotten last: broken off anywhere, the next time goes on.
 */
export async function deleteRemoved(deps: {
  results: Pick<ResultStore, 'removedBefore' | 'giveUp' | 'forget'>;
  gallery: Pick<Gallery, 'discard' | 'discardDerived'>;
  clock: Clock;
  log: Log;
}): Promise<number> {
  const before = deps.clock.now() - RESTORABLE_MS;
  let deleted = 0;
  for (const { id, path } of await deps.results.removedBefore(before, AT_ONCE)) {
    try {
      if (!(await deps.results.giveUp(id, before))) continue;
      await deps.gallery.discardDerived(id);
      await deps.gallery.discard(path);
      await deps.results.forget(id);
      deleted += 1;
    } catch (error) {
      deps.log.error({ err: error, result: id, path }, 'could not delete a result, retrying later');
    }
  }
  return deleted;
}
