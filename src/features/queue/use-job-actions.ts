import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import { counted } from '#src/domain/measures.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import type { Row } from './use-board.ts';

type Outcome = { readonly done: readonly string[]; readonly refused: number; readonly why: string | null };
type Page = inferRouterOutputs<AppRouter>['admin']['queue']['jobs'];

/** Ahead of every job with normal priority. */
const FRONT = 9;

/** How many jobs changed, and why the others did not. */
export function outcomeWords(what: string, { done, refused, why }: Outcome): string {
  const did = done.length === 0 ? '' : `${what}: ${counted(done.length, 'job')}.`;
  if (refused === 0) return did;
  const rest = done.length === 0 ? (why ?? '') : `${counted(refused, 'other')} unchanged. ${why ?? ''}`;
  return [did, rest].filter(Boolean).join(' ');
}

/** An operator's actions on jobs, shown optimistically. */
export function useJobActions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settled = {
    onSettled: () => queryClient.invalidateQueries(trpc.admin.queue.pathFilter()),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const patch = (ids: readonly string[], change: (row: Row) => Row): void => {
    const changed = new Set(ids);
    queryClient.setQueriesData<Page>(
      trpc.admin.queue.jobs.queryFilter(),
      (page) => page && { ...page, items: page.items.map((row) => (changed.has(row.id) ? change(row) : row)) },
    );
  };
  const prioritise = useMutation(
    trpc.admin.queue.prioritise.mutationOptions({
      ...settled,
      onMutate: ({ ids, priority }) => patch(ids, (row) => (row.status === 'queued' ? { ...row, priority } : row)),
    }),
  );
  const cancel = useMutation(
    trpc.admin.queue.cancel.mutationOptions({
      ...settled,
      onMutate: ({ ids }) =>
        patch(ids, (row) =>
          row.endedAt === null ? { ...row, status: 'cancelled', phase: 'cancelled', position: null } : row,
        ),
    }),
  );
  const retry = useMutation(
    trpc.admin.queue.retry.mutationOptions({
      ...settled,
      onSuccess: (outcome) => notify(outcomeWords('Queued again', outcome)),
    }),
  );

  const move = (ids: readonly string[], toFront: boolean, undoable = true): void =>
    prioritise.mutate(
      { ids: [...ids], priority: toFront ? FRONT : 0 },
      {
        onSuccess: (outcome) =>
          notify(
            outcomeWords(toFront ? 'Moved to front' : 'Normal priority', outcome),
            undoable && outcome.done.length > 0
              ? { label: 'Undo', onClick: () => move(outcome.done, !toFront, false) }
              : undefined,
          ),
      },
    );

  return {
    toFront: (ids: readonly string[]) => move(ids, true),
    toNormal: (ids: readonly string[]) => move(ids, false),
    retry: (ids: readonly string[]) => retry.mutate({ ids: [...ids] }),
    cancel: (ids: readonly string[]) =>
      cancel.mutate(
        { ids: [...ids] },
        {
          onSuccess: (outcome) =>
            notify(
              outcomeWords('Cancelled', outcome),
              outcome.done.length > 0
                ? { label: 'Run again', onClick: () => retry.mutate({ ids: [...outcome.done] }) }
                : undefined,
            ),
        },
      ),
  };
}
export type JobActions = ReturnType<typeof useJobActions>;
