import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useMe } from '../session/use-me.ts';

/** A toggle that shows names to everybody; null for participants. */
export function useNames(): { set: (shown: boolean) => void; isPending: boolean } | null {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useMe();
  const change = useMutation(
    trpc.admin.settings.change.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.wall.pathFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  if (me?.role !== 'operator') return null;
  return { set: (wallNames) => change.mutate({ wallNames }), isPending: change.isPending };
}
