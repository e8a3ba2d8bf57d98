import { useQueries } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** As many as are read at once: more takes are counted only as far as this. */
const MAX_TAKES = 200;

/** Which take of its job each result is, in words; null while that is not known. With results of several jobs their titles are told too. */
export function useTakesOf(results: readonly ResultView[]): (string | null)[] {
  const trpc = useTRPC();
  const jobIds = [...new Set(results.map(({ jobId }) => jobId))];
  const lists = useQueries({
    queries: jobIds.map((jobId) => trpc.results.list.queryOptions({ jobId, limit: MAX_TAKES })),
  });
  return results.map(({ id, jobId, title }) => {
    const items = lists[jobIds.indexOf(jobId)]?.data?.items;
    if (!items) return null;
    // Newest first, but the first take is the oldest.
    const take = items.length - items.findIndex((each) => each.id === id);
    const words = items.length > 1 && take <= items.length ? `Take ${take} of ${items.length}` : null;
    return [jobIds.length > 1 ? title || 'Untitled' : null, words].filter((part) => part !== null).join(' · ') || null;
  });
}
