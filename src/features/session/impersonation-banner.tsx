import { useMutation, useQuery } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { land, landOn } from '../api-client/session-change.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** Reminds an operator that they are viewing as another person, with a button to stop. */
export function ImpersonationBanner() {
  const trpc = useTRPC();
  const me = useQuery(trpc.session.me.queryOptions());
  const back = useMutation(
    trpc.session.lookBack.mutationOptions({
      onMutate: () => landOn('/admin/participants'),
      onSuccess: land,
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  if (!me.data?.operator) return null;
  return (
    <aside
      aria-label="Viewing as another person"
      className="sticky top-0 z-30 flex flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b border-accent bg-raised px-4 py-1"
    >
      <Eye size={16} aria-hidden className="text-accent" />
      <span>You are viewing as {me.data.user.name}.</span>
      <Button disabled={back.isPending || back.isSuccess} onClick={() => back.mutate()}>
        Stop viewing
      </Button>
    </aside>
  );
}
