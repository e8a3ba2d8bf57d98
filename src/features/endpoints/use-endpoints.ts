import { useQuery } from '@tanstack/react-query';
import type { inferOutput } from '@trpc/tanstack-react-query';
import { useTRPC } from '../api-client/trpc.ts';

/** Between events, GPUs turn cold and circuit breakers close. */
const LOOK_AGAIN_MS = 15_000;

export type Endpoint = inferOutput<ReturnType<typeof useTRPC>['admin']['endpoints']['list']>[number];

export function useEndpoints() {
  const trpc = useTRPC();
  return {
    endpoints: useQuery(trpc.admin.endpoints.list.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS })),
    settings: useQuery(trpc.admin.settings.get.queryOptions()),
  };
}
