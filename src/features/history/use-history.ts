import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { ALIVE, type JobStatus } from '#src/domain/jobs/job.ts';
import { useTRPC } from '../api-client/trpc.ts';

const PAGE = 30;

type Status = {
  readonly value: string;
  readonly name: string;
  readonly statuses: readonly [JobStatus, ...JobStatus[]];
};

const [FIRST_ALIVE = 'queued', ...OTHERS_ALIVE] = ALIVE;

export const STATUSES: readonly Status[] = [
  { value: 'running', name: 'Running and queued', statuses: [FIRST_ALIVE, ...OTHERS_ALIVE] },
  { value: 'completed', name: 'Completed', statuses: ['completed'] },
  { value: 'failed', name: 'Failed', statuses: ['failed'] },
  { value: 'cancelled', name: 'Cancelled', statuses: ['cancelled'] },
];

export type HistoryFilter = { readonly status: string | null; readonly words: string };

/** The filter of the list of all jobs. It is part of the address. */
export function useHistoryFilter(): [HistoryFilter, (change: Partial<HistoryFilter>) => void] {
  const params = useSearchParams();
  const filter = {
    status: STATUSES.find(({ value }) => value === params.get('status'))?.value ?? null,
    words: (params.get('words') ?? '').slice(0, 100),
  };
  const change = (changed: Partial<HistoryFilter>): void => {
    const { status, words } = { ...filter, ...changed };
    const next = new URLSearchParams({ ...(status !== null && { status }), ...(words !== '' && { words }) });
    window.history.replaceState(null, '', next.size === 0 ? '/history' : `/history?${next}`);
  };
  return [filter, change];
}

/** All of one's jobs that the filter finds, newest first, a page at a time. */
export function useHistory({ status, words }: HistoryFilter) {
  const trpc = useTRPC();
  const statuses = STATUSES.find(({ value }) => value === status)?.statuses;
  return useInfiniteQuery(
    trpc.jobs.list.infiniteQueryOptions(
      { limit: PAGE, ...(statuses && { status: [...statuses] }), ...(words !== '' && { words }) },
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
}
