import { useQueryClient } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { MAX_COMPARED } from '../results/actions/use-result-actions.ts';

/** Finds what a result is best compared with: the other takes of its job and its versions, else what is beside it, of the same kind. */
export function useTakes() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (result: ResultView, beside: readonly (ResultView | undefined)[]): Promise<string[]> => {
    const query = {
      familyId: result.familyId,
      kind: result.kind,
      limit: 60,
      ...(result.preview && { previews: true as const }),
    };
    const { items } = await queryClient.fetchQuery(trpc.results.list.queryOptions(query));
    const others = items.filter((take) => take.id !== result.id);
    const near = beside.filter((next) => next !== undefined).filter((next) => next.kind === result.kind);
    const chosen = others.length > 0 ? others.slice(0, MAX_COMPARED - 1) : near.slice(0, 1);
    return [result.id, ...chosen.map((take) => take.id)];
  };
}
