import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { type BoardFilter, toBoardQuery } from './board-filter.ts';

export type Row = inferRouterOutputs<AppRouter>['admin']['queue']['jobs']['items'][number];

const PAGE = 100;

/** The rows of the board from `first` to `last`, with the pages that they are on. Only what is on the screen is read again. */
export function useBoard(filter: BoardFilter, first: number, last: number) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const query = toBoardQuery(filter);
  const optionsOf = (page: number) => trpc.admin.queue.jobs.queryOptions({ ...query, from: page * PAGE, limit: PAGE });
  const firstPage = Math.floor(first / PAGE);
  const count = Math.floor(Math.max(first, last) / PAGE) - firstPage + 1;
  const pages = useQueries({ queries: Array.from({ length: count }, (_, i) => optionsOf(firstPage + i)) });

  /** A row that has been loaded, on screen or not. */
  const rowAt = (index: number): Row | undefined =>
    queryClient.getQueryData(optionsOf(Math.floor(index / PAGE)).queryKey)?.items[index % PAGE];

  return {
    total: pages.find(({ data }) => data)?.data?.total,
    error: pages.find(({ error }) => error)?.error ?? null,
    rowAt,
    /** The IDs of a range of rows, loading those that are unknown. */
    async idsBetween(from: number, to: number): Promise<string[]> {
      const places = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      const known = places.flatMap((index) => rowAt(index)?.id ?? []);
      return known.length === places.length ? known : (await client.admin.queue.ids.query(query)).slice(from, to + 1);
    },
    allIds: () => client.admin.queue.ids.query(query),
  };
}
