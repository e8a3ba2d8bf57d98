import type { ResultView } from '#src/api/views.ts';

/** The part of a result that the layout needs. A hundred thousand of these are kept; whole results only near the screen. */
export type Entry = {
  readonly id: string;
  readonly jobId: string;
  /** The first of all versions of its job: they stand together. */
  readonly familyId: string;
  readonly at: number;
  readonly ratio: number;
};
export type EntryPage = { readonly entries: readonly Entry[]; readonly nextCursor: string | null };

type Shaped = Pick<ResultView, 'kind' | 'width' | 'height'>;

/** Files without a picture get a card of this shape. */
const CARD = 4 / 3;

export function proportion({ kind, width, height }: Shaped): number {
  const pictured = kind === 'image' || kind === 'video';
  return pictured && width && height ? width / height : CARD;
}

export const toEntry = (result: Shaped & Pick<ResultView, 'id' | 'jobId' | 'familyId' | 'createdAt'>): Entry => ({
  id: result.id,
  jobId: result.jobId,
  familyId: result.familyId,
  at: Date.parse(result.createdAt),
  ratio: proportion(result),
});

type Place = Pick<Entry, 'id' | 'at'>;

/** Less than 0 when `a` stands before `b`: newest first, as the server lists them. */
export const inOrder = (a: Place, b: Place): number => b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

export const knownIds = (pages: readonly EntryPage[]): Set<string> =>
  new Set(pages.flatMap((page) => page.entries.map(({ id }) => id)));

/** Inserts entries in order. Entries older than everything loaded are left out while there are more pages: they come with their page. */
export function withEntries(pages: readonly EntryPage[], added: readonly Entry[]): readonly EntryPage[] {
  const known = knownIds(pages);
  const fresh = added.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return pages;
  const last = pages.length - 1;
  const into = new Map<number, Entry[]>();
  for (const entry of fresh) {
    let page = pages.findIndex(({ entries }) => {
      const oldest = entries.at(-1);
      return oldest !== undefined && inOrder(entry, oldest) < 0;
    });
    if (page < 0 && pages[last]?.nextCursor === null) page = last;
    if (page >= 0) into.set(page, [...(into.get(page) ?? []), entry]);
  }
  return pages.map((page, i) => {
    const more = into.get(i);
    return more ? { ...page, entries: [...more, ...page.entries].sort(inOrder) } : page;
  });
}

export function withoutEntries(pages: readonly EntryPage[], ids: ReadonlySet<string>): readonly EntryPage[] {
  const gone = (page: EntryPage): boolean => page.entries.some(({ id }) => ids.has(id));
  if (!pages.some(gone)) return pages;
  return pages.map((page) => (gone(page) ? { ...page, entries: page.entries.filter(({ id }) => !ids.has(id)) } : page));
}

/** Whether between the newest that is known and the oldest of `fresh` there may be more that nobody has read. */
export function leavesGap(pages: readonly EntryPage[], fresh: EntryPage): boolean {
  const newest = pages.find(({ entries }) => entries.length > 0)?.entries[0];
  const oldest = fresh.entries.at(-1);
  return fresh.nextCursor !== null && newest !== undefined && oldest !== undefined && inOrder(oldest, newest) < 0;
}
