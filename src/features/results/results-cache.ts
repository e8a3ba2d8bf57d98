import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '../server/trpc.ts';
import { mergeNewest } from './newest.ts';

const PAGE = { limit: 60 };
const NEWEST = { limit: 24 };

/** All results read so far, newest first, and the way to read older ones. */
export function useResults() {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.results.list.infiniteQueryOptions(PAGE, { getNextPageParam: (page) => page.nextCursor }),
  );
}

/** Reads the newest results, as far as what is known already, and puts those that are new in front; tells how many there were. */
export function useNewResults(onArrived: (count: number) => void): () => Promise<void> {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const key = trpc.results.list.infiniteQueryKey(PAGE);
  // Not through the cache: that would join a read under way, which may have been answered before the newest result came.
  const read = (cursor: string | null) => client.results.list.query({ ...NEWEST, cursor });

  return async () => {
    if (!queryClient.getQueryData(key)) return;
    let fresh = await read(null);
    for (;;) {
      const known = queryClient.getQueryData(key);
      if (!known) return;
      const merged = mergeNewest(known.pages, fresh);
      if (merged) {
        if (merged.arrived === 0) return;
        queryClient.setQueryData(key, { ...known, pages: merged.pages });
        onArrived(merged.arrived);
        return;
      }
      const older = await read(fresh.nextCursor);
      fresh = { items: [...fresh.items, ...older.items], nextCursor: older.nextCursor };
    }
  };
}
