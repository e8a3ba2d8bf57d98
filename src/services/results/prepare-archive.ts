import { AppError } from '#src/domain/errors.ts';
import { dayOf, wallClock } from '#src/domain/files/archive.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { Archive, ArchiveStore, ArchiveWriter } from '#src/ports/files/archives.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Result, ResultFilter, ResultStore } from '#src/ports/results.ts';
import type { User } from '#src/ports/users.ts';
import { type PackDeps, packArchive } from './pack-archive.ts';
import { packClassArchive } from './pack-class-archive.ts';

const KEEP_MS = 86_400_000;
const MAX_KEPT = 200;
const MAX_RESULTS = 20_000;
const MAX_CLASS_RESULTS = 100_000;
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

/** The choice of everybody's results. */
export type ClassWish = Pick<Wish, 'filter' | 'zone'> & { readonly owners: readonly User[] };

async function wanted(
  results: ResultStore,
  { owner, ids, filter }: Omit<Wish, 'zone'>,
  most = MAX_RESULTS,
): Promise<Result[]> {
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
    if (cursor === null || found.length > most) return found;
  }
}

const inOrder = (found: readonly Result[]): Result[] =>
  found.toSorted((a, b) => a.deliveredAt - b.deliveredAt || (a.id < b.id ? -1 : 1));

/** What decides over the bytes of an archive. */
const factsOf = (owner: User, found: readonly Result[]) => [
  owner.id,
  found.map(({ id, sha256, favourite, rating, rejected, givenName }) => [
    ...[id, sha256, favourite, rating, rejected],
    ...(givenName === null ? [] : [givenName]),
  ]),
];

const nothing = () => new AppError('not_found', 'There is nothing to download here.');

/**
 * Chooses what goes home and packs it, once: the same choice, as long as nothing of it changes, gives the same ticket and so the same bytes. A choice
 * that is out on the way is not changed by what arrives meanwhile.
 */
export function createArchivePreparation(
  deps: PackDeps & { archives: ArchiveStore; results: ResultStore; clock: Clock },
) {
  const inTurn = oneAtATime();

  type Filled = Omit<Archive, 'id'>;
  async function packed(
    turn: string,
    facts: readonly unknown[],
    fill: (writer: ArchiveWriter) => Promise<Filled>,
  ): Promise<{ ticket: string; archive: Archive }> {
    const ticket = deps.archives.ticketFor(JSON.stringify([FORM, ...facts]));
    return inTurn(turn, async () => {
      const known = await deps.archives.find(ticket);
      if (known) return { ticket, archive: known };
      await deps.archives.clear(deps.clock.now() - KEEP_MS, MAX_KEPT);
      return { ticket, archive: await deps.archives.pack(ticket, fill) };
    });
  }

  return {
    async own(wish: Wish): Promise<{ ticket: string; archive: Archive }> {
      const { owner, zone } = wish;
      const found = inOrder(await wanted(deps.results, wish));
      if (found.length === 0) throw nothing();
      if (found.length > MAX_RESULTS)
        throw new AppError(
          'too_large',
          `These are more than ${MAX_RESULTS} files. Download them in parts: choose a day or a kind.`,
        );
      const filename = `${owner.name} ${dayOf(wallClock(zone)(found.at(-1)?.deliveredAt ?? 0))}.zip`;
      return packed(owner.id, [zone, factsOf(owner, found)], (writer) =>
        packArchive(deps, writer, { owner, zone, filename, found }),
      );
    },

    /** Of those who have anything. */
    async everyone({ owners, filter, zone }: ClassWish): Promise<{ ticket: string; archive: Archive }> {
      const people: { owner: User; found: Result[] }[] = [];
      let count = 0;
      for (const owner of owners) {
        const found = inOrder(await wanted(deps.results, { owner, ids: null, filter }, MAX_CLASS_RESULTS - count));
        count += found.length;
        if (count > MAX_CLASS_RESULTS)
          throw new AppError(
            'too_large',
            `Together these are more than ${MAX_CLASS_RESULTS} files. Download the files of one person at a time.`,
          );
        if (found.length > 0) people.push({ owner, found });
      }
      if (people.length === 0) throw nothing();
      const newest = Math.max(...people.map(({ found }) => found.at(-1)?.deliveredAt ?? 0));
      const filename = `Class ${dayOf(wallClock(zone)(newest))}.zip`;
      const facts = people.map(({ owner, found }) => [owner.name, ...factsOf(owner, found)]);
      return packed('everyone', [zone, 'everyone', facts], (writer) =>
        packClassArchive(deps, writer, { zone, filename, people }),
      );
    },
  };
}
