import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useState } from 'react';
import type { AppRouter } from '#src/api/app/router.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

export type Person = inferRouterOutputs<AppRouter>['admin']['participants']['list'][number];
type Whom = { readonly id: string; readonly name: string };

/** Where participants find the product: as it was set, or as this browser found it. */
export function useAddress(): string {
  const trpc = useTRPC();
  const info = useQuery(trpc.session.info.queryOptions());
  return (info.data?.publicUrl ?? window.location.origin).replace(/\/+$/, '');
}

/** Does something for several people, one after another, and reports for whom it failed. The others stay done. */
export function useEach() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  async function each<Done>(people: readonly Whom[], act: (id: string) => Promise<Done>): Promise<Done[]> {
    setBusy(true);
    const done: Done[] = [];
    for (const { id, name } of people) {
      try {
        done.push(await act(id));
      } catch (error) {
        notifyFailure(`${name}: ${failureOf(error).sentence}`);
      }
    }
    setBusy(false);
    await queryClient.invalidateQueries(trpc.admin.participants.pathFilter());
    return done;
  }
  return { busy, each };
}
