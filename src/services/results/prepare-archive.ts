import { AppError } from '#src/domain/errors.ts';
import { dayOf, wallClock } from '#src/domain/files/archive.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { Archive, ArchiveStore } from '#src/ports/archives.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Result, ResultFilter, ResultStore } from '#src/ports/results.ts';
import type { User } from '#src/ports/users.ts';
import { type PackDeps, packArchive } from './pack-archive.ts';

const KEEP_MS = 86_400_000;
const MAX_KEPT = 200;
const MAX_RESULTS = 20_000;
const AT_ONCE = 500;
/** Goes up when what is packed changes its form: what was packed before is then packed anew. */
const FORM = 1;

export type Wish = {
  readonly owner: User;
  /** Exactly these of the owner's; null = all that the filter finds. */
  readonly ids: readonly string[] | null;
  readonly filter: ResultFilter;
  /** By whose clock days and times are told. */
  readonly zone: string;
};

async function wanted(results: ResultStore, { owner, ids, filter }: Wish): Promise<Result[]> {
  const found: Result[] = [];
  if (ids) {
    const unique = [...new Set(ids)];
    for (let at = 0; at < unique.length; at += AT_ONCE)
      found.push(...(await results.owned(owner.id, unique.slice(at, at + AT_ONCE))));
    return found.filter(({ removedAt, preview }) => !preview && (removedAt !== null) === (filter.removed === true));
  }
  for (let cursor: string | null = null; ; ) {
    const page = await results.list({ userId: owner.id, filter, limit: AT_ONCE, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null || found.length > MAX_RESULTS) return found;
  }
}

/**
 * Chooses what goes home and packs it, once: the same choice, as long as nothing of it changes, gives the same ticket and so the same bytes. A choice
 * that is out on the way is not changed by what arrives meanwhile.
 */
export function createArchivePreparation(
  deps: PackDeps & { archives: ArchiveStore; results: ResultStore; clock: Clock },
) {
  const inTurn = oneAtATime();

  return async (wish: Wish): Promise<{ ticket: string; archive: Archive }> => {
    const found = await wanted(deps.results, wish);
    if (found.length === 0) throw new AppError('not_found', 'There is nothing to download here.');
    if (found.length > MAX_RESULTS)
      throw new AppError(
        'too_large',
        `These are more than ${MAX_RESULTS} files. Download them in parts: choose a day or a kind.`,
      );
    found.sort((a, b) => a.deliveredAt - b.deliveredAt || (a.id < b.id ? -1 : 1));
    const ticket = deps.archives.ticketFor(
      JSON.stringify([
        FORM,
        wish.owner.id,
        wish.zone,
        found.map(({ id, sha256, favourite, rating, rejected }) => [id, sha256, favourite, rating, rejected]),
      ]),
    );
    return inTurn(wish.owner.id, async () => {
      const known = await deps.archives.find(ticket);
      if (known) return { ticket, archive: known };
      await deps.archives.clear(deps.clock.now() - KEEP_MS, MAX_KEPT);
      const newest = found.at(-1)?.deliveredAt ?? 0;
      const filename = `${wish.owner.name} ${dayOf(wallClock(wish.zone)(newest))}.zip`;
      const archive = await deps.archives.pack(ticket, (writer) =>
        packArchive(deps, writer, { ...wish, filename, found }),
      );
      return { ticket, archive };
    });
  };
}
