import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { TRPCClient } from '@trpc/client';
import { useSyncExternalStore } from 'react';
import type { AppRouter } from '#src/api/app/router.ts';
import type { ResultView } from '#src/api/views.ts';
import { failureOf } from '../../api-client/failure.ts';
import { useTRPCClient } from '../../api-client/trpc.ts';
import { EVERYTHING, type Filter, filterKey, matches, toQuery } from '../filters/filter.ts';
import { toEntry } from './entries.ts';
import { createList, type ListState, type ReadPage, type ResultList } from './result-list.ts';
import { createResultStore } from './result-store.ts';

/** As many IDs as fit into one address. */
const IDS_AT_ONCE = 60;

export type Gallery = ReturnType<typeof createGallery>;

/** The loaded results of this page: lists, and whole results by ID. */
function createGallery(queryClient: QueryClient, client: TRPCClient<AppRouter>) {
  const store = createResultStore();
  const lists = new Map<string, ResultList>();

  // Through the query client for its retries, and because it leaves for the login page when nobody is signed in.
  const ask = <T>(queryFn: () => Promise<T>): Promise<T> =>
    queryClient.fetchQuery({
      queryKey: ['gallery', Math.random()],
      queryFn,
      gcTime: 0,
      retry: (count, error) => failureOf(error).code === null && count < 2,
    });

  const read: ReadPage = async (filter, cursor, limit) => {
    const page = await ask(() => client.results.list.query({ ...toQuery(filter), cursor, limit }));
    store.put(page.items);
    return page;
  };

  async function some(ids: readonly string[]): Promise<ResultView[]> {
    const found: ResultView[] = [];
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const part = ids.slice(at, at + IDS_AT_ONCE);
      found.push(...(await ask(() => client.results.some.query({ ids: part }))));
    }
    store.put(found);
    return found;
  }

  function list(filter: Filter): ResultList {
    const key = filterKey(filter);
    const known = lists.get(key) ?? createList(filter, read);
    lists.set(key, known);
    return known;
  }

  /** Lists that are not on screen are dropped, and read again when shown, except the unfiltered one. */
  function watched(): ResultList[] {
    for (const [key, each] of lists) if (!each.isWatched() && key !== filterKey(EVERYTHING)) lists.delete(key);
    return [...lists.values()];
  }

  /** Updates every list: adds the results that match its filter, removes those that do not. */
  function sort(results: readonly ResultView[]): void {
    for (const each of watched()) {
      const out = results.filter((result) => matches(each.filter, result) === false);
      each.takeOut(new Set(out.map(({ id }) => id)));
      each.putIn(results.filter((result) => matches(each.filter, result) === true).map(toEntry));
    }
  }

  async function reread(ids: readonly string[]): Promise<ResultView[]> {
    const found = await some(ids);
    const there = new Set(found.map(({ id }) => id));
    const gone = new Set(ids.filter((id) => !there.has(id)));
    for (const each of watched()) each.takeOut(gone);
    sort(found);
    return found;
  }

  /** Being changed from here: how many times, and whether the feed reported a change meanwhile. */
  const changing = new Map<string, { count: number; again: boolean }>();

  async function changed(ids: readonly string[]): Promise<void> {
    const settled = ids.filter((id) => {
      const change = changing.get(id);
      if (change) change.again = true;
      return !change;
    });
    if (settled.length === 0) return;
    const found = await reread(settled);
    // Only the server knows whether these belong here.
    for (const each of watched())
      if (found.some((result) => matches(each.filter, result) === null)) await each.takeNewest();
  }

  let connected = false;

  return {
    store,
    list,
    reread,
    changed,
    /** These results, loading those that are unknown. */
    async whole(ids: readonly string[]): Promise<ResultView[]> {
      const unknown = ids.filter((id) => !store.get(id));
      if (unknown.length > 0) await reread(unknown);
      return ids.flatMap((id) => store.get(id) ?? []);
    },
    /** Shows results optimistically, or reverted. */
    show(results: readonly ResultView[]): void {
      store.put(results);
      sort(results);
    },
    beginChange(ids: readonly string[]): void {
      for (const id of ids) {
        const change = changing.get(id);
        changing.set(id, { count: (change?.count ?? 0) + 1, again: change?.again ?? false });
      }
    },
    async endChange(ids: readonly string[]): Promise<void> {
      const again: string[] = [];
      for (const id of ids) {
        const change = changing.get(id);
        if (!change) continue;
        change.count -= 1;
        if (change.count > 0) continue;
        changing.delete(id);
        if (change.again) again.push(id);
      }
      await changed(again);
    },
    async takeNewest(): Promise<number> {
      return Math.max(0, ...(await Promise.all(watched().map((each) => each.takeNewest()))));
    },
    /** The feed is live; what changed while it was not is unknown. */
    connected(): void {
      if (connected) store.expire();
      connected = true;
    },
  };
}

const galleries = new WeakMap<QueryClient, Gallery>();

export function useGallery(): Gallery {
  const queryClient = useQueryClient();
  const client = useTRPCClient();
  const gallery = galleries.get(queryClient) ?? createGallery(queryClient, client);
  galleries.set(queryClient, gallery);
  return gallery;
}

export function useList(list: ResultList): ListState {
  return useSyncExternalStore(list.listen, list.state, list.state);
}

/** Draws again whenever a result in the store changes; the number says which state the store is in. */
export function useStoreVersion({ store }: Gallery): number {
  return useSyncExternalStore(store.listen, store.version, () => 0);
}
