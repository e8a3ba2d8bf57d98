import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useState } from 'react';
import type { AppRouter } from '#src/api/app/router.ts';
import { dayOf, startOfDay } from '#src/ui/time/days.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { REFRESH_MS } from '../queue/queue-panel.tsx';

export type Overview = inferRouterOutputs<AppRouter>['admin']['overview']['read'];
export type Timeline = inferRouterOutputs<AppRouter>['admin']['overview']['timeline'];
export type Period = 'class' | 'today';

/** The class at a glance. Waiting times and presence change with time alone. */
export function useOverview() {
  const trpc = useTRPC();
  const [period, setPeriod] = useState<Period>('class');
  const since = period === 'class' ? null : startOfDay(dayOf(Date.now())).toISOString();
  const options = { refetchInterval: REFRESH_MS };
  const read = useQuery({
    ...trpc.admin.overview.read.queryOptions({ since }, options),
    placeholderData: (before: Overview | undefined) => before,
  });
  const timeline = useQuery({
    ...trpc.admin.overview.timeline.queryOptions({ since }, options),
    placeholderData: (before: Timeline | undefined) => before,
  });
  return { period, setPeriod, read, timeline: timeline.data };
}
