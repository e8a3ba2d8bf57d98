import { useQueries } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** As many as are read at once: more takes are counted only as far as this. */
const MAX_TAKES = 200;

/** Which take of its job and its versions each result is, in words; null while that is not known. With results of several jobs their titles are told too. */
export function useTakesOf(results: readonly ResultView[]): (string | null)[] {
  const trpc = useTRPC();
  const families = [...new Set(results.map(({ familyId }) => familyId))];
  const lists = useQueries({
    queries: families.map((familyId) => trpc.results.list.queryOptions({ familyId, limit: MAX_TAKES })),
  });
  return results.map(({ id, familyId, title }) => {
    const items = lists[families.indexOf(familyId)]?.data?.items;
    if (!items) return null;
    // Newest first, but the first take is the oldest.
    const take = items.length - items.findIndex((each) => each.id === id);
    const words = items.length > 1 && take <= items.length ? `Take ${take} of ${items.length}` : null;
    return (
      [families.length > 1 ? title || 'Untitled' : null, words].filter((part) => part !== null).join(' · ') || null
    );
  });
}
