import { useMutation } from '@tanstack/react-query';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useJobsPatch, useJobsRefresh } from './jobs-cache.ts';

const sayWhy = (error: unknown): void => {
  notifyFailure(failureOf(error).sentence);
};

/** Runs a job's graph once more. */
export function useRetry(onPlaced: (newId: string) => void = () => undefined) {
  const trpc = useTRPC();
  const refresh = useJobsRefresh();
  return useMutation(
    trpc.jobs.retry.mutationOptions({
      onSuccess: (placed) => {
        onPlaced(placed.id);
        refresh();
      },
      onError: sayWhy,
    }),
  );
}

/** Cancels at once, without a question; the message offers to run it again. */
export function useCancel() {
  const trpc = useTRPC();
  const patch = useJobsPatch();
  const refresh = useJobsRefresh();
  const retry = useRetry();
  return useMutation(
    trpc.jobs.cancel.mutationOptions({
      onSuccess: (job) => {
        patch((items) => items.map((each) => (each.id === job.id ? job : each)));
        refresh();
        notify(`Cancelled: ${job.title || 'Untitled'}`, {
          label: 'Run again',
          onClick: () => retry.mutate({ id: job.id }),
        });
      },
      onError: sayWhy,
    }),
  );
}
