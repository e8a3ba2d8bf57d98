import { useMutation } from '@tanstack/react-query';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { type Job, useJobsPatch, useJobsRefresh } from './jobs-cache.ts';

type Retry = {
  readonly jobs: readonly Pick<Job, 'id'>[];
  readonly newSeed?: boolean;
  /** This job was queued again, as a new one. */
  readonly onAgain?: (id: string) => void;
};

/** Runs the graphs of jobs once more, one after another up to the first that is not accepted. */
export function useRetry() {
  const client = useTRPCClient();
  const refresh = useJobsRefresh();
  return useMutation({
    mutationFn: async ({ jobs, newSeed = false, onAgain }: Retry) => {
      for (const [done, { id }] of jobs.entries())
        try {
          await client.jobs.retry.mutate({ id, newSeed });
          onAgain?.(id);
        } catch (error) {
          const { sentence } = failureOf(error);
          notifyFailure(done === 0 ? sentence : `${done} of ${jobs.length} jobs were queued again. ${sentence}`);
          break;
        }
      refresh();
    },
  });
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
          onClick: () => retry.mutate({ jobs: [job] }),
        });
      },
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
}
