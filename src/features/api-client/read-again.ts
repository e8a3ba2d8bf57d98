import type { QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Reads again what has changed. A read that is the first of its kind, and was begun before the change, is not cancelled for it, or a busy feed would keep it
 * from ever ending: what changed is read after it.
 */
export async function readAgain(queryClient: QueryClient, filter: QueryFilters): Promise<void> {
  const isFirst = queryClient
    .getQueryCache()
    .findAll({ ...filter, fetchStatus: 'fetching' })
    .some(({ state }) => state.data === undefined);
  await queryClient.invalidateQueries(filter);
  if (isFirst) await queryClient.invalidateQueries(filter);
}
