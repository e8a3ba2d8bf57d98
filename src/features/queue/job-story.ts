import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';

/** All that is known about one job. */
export type Story = inferRouterOutputs<AppRouter>['admin']['queue']['story'];

export const LINK = 'underline decoration-line underline-offset-2 hover:decoration-text';

export const time = (iso: string): string =>
  new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
