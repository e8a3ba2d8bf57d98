import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf, isNotSignedIn } from '../api-client/failure.ts';
import { goToLogin } from '../api-client/go-to-login.ts';
import { requestId } from '../api-client/request-id.ts';
import { useTRPCClient } from '../api-client/trpc.ts';

type Vary = inferRouterInputs<AppRouter>['jobs']['vary'];
type Version = Pick<Vary, 'changes' | 'newSeeds' | 'count'>;

/** What can be made of a job with one press. */
export const VERSIONS = {
  again: { label: 'Run again', key: 'Shift+R', version: {}, queued: 'Queued again' },
  newSeed: { label: 'New seed', key: 'N', version: { newSeeds: true }, queued: 'Queued with a new seed' },
  vary: { label: 'Vary ×4', key: 'V', version: { newSeeds: true, count: 4 }, queued: 'Four variations queued' },
} as const satisfies Record<string, { label: string; key: string; version: Version; queued: string }>;
export type VersionKind = keyof typeof VERSIONS;

/** Queues versions of a job, and says so with a button that cancels them. Resolves to why nothing was queued; null when all went well. */
export function useVary() {
  const client = useTRPCClient();
  const cancel = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids)
      await client.jobs.cancel.mutate({ id }).catch((error: unknown) => notifyFailure(failureOf(error).sentence));
  };
  return async (job: { id: string; title: string }, version: Version, queued: string): Promise<string | null> => {
    try {
      const made = await client.jobs.vary.mutate({ id: job.id, ...version, clientRequestId: requestId() });
      notify(`${queued}: ${job.title || 'Untitled'}`, {
        label: 'Cancel',
        onClick: () => void cancel(made.map(({ id }) => id)),
      });
      return null;
    } catch (error) {
      if (isNotSignedIn(error)) goToLogin();
      return failureOf(error).sentence;
    }
  };
}
