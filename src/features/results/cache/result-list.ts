import type { ResultView } from '#src/api/views.ts';
import type { Filter } from '../filters/filter.ts';
import { type Entry, type EntryPage, knownIds, leavesGap, toEntry, withEntries, withoutEntries } from './entries.ts';

const FIRST = 60;
const MORE = 200;
const NEWEST = 24;

export type ListState = {
  readonly pages: readonly EntryPage[];
  readonly status: 'pending' | 'failed' | 'ready';
  /** Why the first or the next page could not be read; null when the last reading went well. */
  readonly error: unknown;
  readonly reading: boolean;
  readonly hasMore: boolean;
};

type Page = { readonly items: readonly ResultView[]; readonly nextCursor: string | null };
export type ReadPage = (filter: Filter, cursor: string | null, limit: number) => Promise<Page>;

export type ResultList = ReturnType<typeof createList>;

const PENDING: ListState = { pages: [], status: 'pending', error: null, reading: false, hasMore: true };

/**
 * The results that a filter finds, as far as they were read. Reading older ones, arrivals in front and what is taken out in between do not
 * overwrite each other: each changes the list as it is at that moment.
 */
export function createList(filter: Filter, read: ReadPage) {
  let state = PENDING;
  let missed = false;
  const listeners = new Set<() => void>();
  const set = (change: Partial<ListState>): void => {
    state = { ...state, ...change };
    for (const each of listeners) each();
  };
  const toPage = ({ items, nextCursor }: Page): EntryPage => ({ entries: items.map(toEntry), nextCursor });

  async function more(): Promise<void> {
    if (state.reading || !state.hasMore) return;
    const first = state.status !== 'ready';
    set({ reading: true, error: null });
    try {
      const cursor = first ? null : (state.pages.at(-1)?.nextCursor ?? null);
      const page = toPage(await read(filter, cursor, first ? FIRST : MORE));
      // All that is older than this cursor comes here first, so only the page before could share anything with it.
      const known = knownIds(state.pages.slice(-1));
      const entries = page.entries.filter(({ id }) => !known.has(id));
      set({
        pages: [...state.pages, { ...page, entries }],
        status: 'ready',
        reading: false,
        hasMore: page.nextCursor !== null,
      });
    } catch (error) {
      set({ status: first ? 'failed' : 'ready', error, reading: false });
      return;
    }
    if (!missed) return;
    missed = false;
    // A failure shows with the next event.
    await takeNewest().catch(() => 0);
  }

  /** Reads what is newer than what is known; resolves to the number that arrived. */
  async function takeNewest(): Promise<number> {
    if (state.status === 'pending') missed = true;
    if (state.status === 'failed') await more();
    if (state.status !== 'ready') return 0;
    let fresh = toPage(await read(filter, null, NEWEST));
    while (leavesGap(state.pages, fresh)) {
      const older = toPage(await read(filter, fresh.nextCursor, MORE));
      fresh = { entries: [...fresh.entries, ...older.entries], nextCursor: older.nextCursor };
    }
    const before = state.pages;
    const pages = withEntries(before, fresh.entries);
    if (pages === before) return 0;
    const known = knownIds(before);
    const arrived = knownIds(pages).size - known.size;
    if (arrived > 0) set({ pages });
    return arrived;
  }

  return {
    filter,
    state: (): ListState => state,
    /** Reads the first page when it is listened to for the first time. */
    listen(listener: () => void): () => void {
      listeners.add(listener);
      if (state === PENDING) void more();
      return () => listeners.delete(listener);
    },
    isWatched: (): boolean => listeners.size > 0,
    more,
    takeNewest,
    putIn: (entries: readonly Entry[]): void => {
      const pages = withEntries(state.pages, entries);
      if (state.status === 'ready' && pages !== state.pages) set({ pages });
    },
    takeOut: (ids: ReadonlySet<string>): void => {
      const pages = withoutEntries(state.pages, ids);
      if (pages !== state.pages) set({ pages });
    },
  };
}
