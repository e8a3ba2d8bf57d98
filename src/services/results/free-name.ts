import { numberedName } from '#src/domain/workflow/attribution.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Reservation, ResultStore } from '#src/ports/results.ts';

type Deps = {
  results: Pick<ResultStore, 'renumber'>;
  gallery: Pick<Gallery, 'isFree'>;
  auditLog: Pick<AuditLog, 'write'>;
  clock: Clock;
};
type Named = { readonly userId: string; readonly folder: string; readonly stem: string; readonly ending: string };

/**
 * Stores a file under its reserved name. A file that is there already and that the database does not know (it was restored from an older backup, or lost
 * its last writes) is somebody's work: the next free name is taken, and the audit log has a word of it.
 */
export async function underFreeName<Stored>(
  deps: Deps,
  reserved: Reservation,
  { userId, folder, stem, ending }: Named,
  store: (path: string) => Promise<Stored | 'taken'>,
): Promise<{ path: string; stored: Stored }> {
  let { path, counter } = reserved;
  for (;;) {
    const stored = await store(path);
    if (stored !== 'taken') {
      if (path !== reserved.path)
        await deps.auditLog.write({
          at: deps.clock.now(),
          actor: null,
          type: 'delivery.renamed',
          subjectId: userId,
          detail: { path: reserved.path, instead: path },
        });
      return { path, stored };
    }
    do counter += 1;
    while (!(await deps.gallery.isFree(`${folder}/${numberedName(stem, counter, ending)}`)));
    ({ path, counter } = await deps.results.renumber(reserved.id, { folder, stem, ending }, counter));
  }
}
