import { createTRPCClient, createWSClient, httpBatchLink, splitLink, type TRPCClient, wsLink } from '@trpc/client';
import type { AppRouter } from '#src/api/app/router.ts';
import { MAX_CALLS } from '#src/domain/request-bounds.ts';
import { SESSION_ENDED_CODE, SESSION_TURNED_CODE } from '#src/domain/users/session.ts';
import { goToLogin } from './go-to-login.ts';
import { learnClock } from './server-clock.ts';
import { land } from './session-change.ts';

const socketAddress = (): string => {
  const url = new URL('/api/trpc', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
};

const RETRY_MS = [0, 500, 1000, 2000, 3000];

export function connect(): TRPCClient<AppRouter> {
  const http = httpBatchLink({
    url: '/api/trpc',
    maxURLLength: 4000,
    maxItems: MAX_CALLS,
    fetch: async (input, init) => {
      const response = await fetch(input, { ...init, credentials: 'same-origin' });
      learnClock(response.headers);
      return response;
    },
  });
  // While pages are prerendered nothing is asked, and there is no WebSocket to be had.
  if (typeof window === 'undefined') return createTRPCClient<AppRouter>({ links: [http] });

  const socket = createWSClient({
    url: socketAddress,
    lazy: { enabled: true, closeMs: 1000 },
    retryDelayMs: (attempt) => RETRY_MS[attempt] ?? 5000,
    // A laptop that slept, or Wi-Fi that changed, leaves a socket that looks open.
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5000 },
    onClose: (cause) => {
      if (cause?.code === SESSION_TURNED_CODE) land();
      if (cause?.code !== SESSION_ENDED_CODE) return;
      void socket.close();
      goToLogin();
    },
  });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({ condition: (op) => op.type === 'subscription', true: wsLink({ client: socket }), false: http }),
    ],
  });
}
