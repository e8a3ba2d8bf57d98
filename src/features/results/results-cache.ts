import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../server/trpc.ts';
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

/** Reads the newest results and puts those that are new in front; tells how many there were. */
export function useNewResults(onArrived: (count: number) => void): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const key = trpc.results.list.infiniteQueryKey(PAGE);
  return async () => {
    if (!queryClient.getQueryData(key)) return;
    const fresh = await queryClient.fetchQuery(trpc.results.list.queryOptions(NEWEST, { staleTime: 0 }));
    const known = queryClient.getQueryData(key);
    if (!known) return;
    const merged = mergeNewest(known.pages, fresh);
    if (merged === null) {
      await queryClient.resetQueries({ queryKey: key });
      onArrived(fresh.items.length);
      return;
    }
    if (merged.arrived === 0) return;
    queryClient.setQueryData(key, { ...known, pages: merged.pages });
    onArrived(merged.arrived);
  };
}
