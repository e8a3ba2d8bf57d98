import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { LiveRun } from '#src/domain/jobs/live-run.ts';
import { readAgain } from '../api-client/read-again.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** A job as the API returns it. */
export type Job = inferRouterOutputs<AppRouter>['jobs']['get'];

const ALIVE_INPUT = { status: [...ALIVE], limit: 100 };
const RECENT_INPUT = { limit: 40 };

/** The active jobs, and the newest of any status. */
export function useJobLists(): {
  alive: readonly Job[];
  recent: readonly Job[];
  isPending: boolean;
  error: unknown;
} {
  const trpc = useTRPC();
  const alive = useQuery(trpc.jobs.list.queryOptions(ALIVE_INPUT));
  const recent = useQuery(trpc.jobs.list.queryOptions(RECENT_INPUT));
  return {
    alive: alive.data?.items ?? [],
    recent: recent.data?.items ?? [],
    isPending: alive.isPending || recent.isPending,
    error: alive.error ?? recent.error,
  };
}

/** The state of the queue, read on demand and whenever the feed reports a change. */
export function useQueueState() {
  const trpc = useTRPC();
  return useQuery(trpc.jobs.line.queryOptions(undefined, { staleTime: 0 })).data;
}

export function useJobsRefresh(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => {
    void readAgain(queryClient, trpc.jobs.list.queryFilter());
    void readAgain(queryClient, trpc.jobs.list.infiniteQueryFilter());
    void readAgain(queryClient, trpc.jobs.line.queryFilter());
  };
}

/** Whether one of these is a preview on a job's row. */
export function useIsOnRow(): (resultIds: readonly string[]) => boolean {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return (resultIds) =>
    [ALIVE_INPUT, RECENT_INPUT].some((input) =>
      queryClient
        .getQueryData(trpc.jobs.list.queryKey(input))
        ?.items.some(({ previews }) => previews.some(({ id }) => resultIds.includes(id))),
    );
}

/** Changes jobs that were read already, ahead of reading them again. */
export function useJobsPatch(): (patch: (items: Job[]) => Job[]) => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return (patch) => {
    for (const input of [ALIVE_INPUT, RECENT_INPUT]) {
      queryClient.setQueryData(trpc.jobs.list.queryKey(input), (page) => page && { ...page, items: patch(page.items) });
    }
  };
}

export function usePositions(): (positions: Readonly<Record<string, number>>) => void {
  const patch = useJobsPatch();
  return (positions) => patch((items) => items.map((job) => ({ ...job, position: positions[job.id] ?? job.position })));
}

/** On rows, and on the job’s own page. */
export function useLiveRuns(): (jobId: string, run: LiveRun) => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const patch = useJobsPatch();
  return (jobId, live) => {
    patch((items) => items.map((job) => (job.id === jobId ? { ...job, live } : job)));
    queryClient.setQueryData(
      trpc.admin.queue.story.queryKey({ id: jobId }),
      (story) => story && { ...story, job: { ...story.job, live } },
    );
  };
}
