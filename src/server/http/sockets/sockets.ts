import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { appRouter } from '#src/api/app/router.ts';
import type { ApiDeps } from '#src/api/trpc.ts';
import { AppError } from '#src/domain/errors.ts';
import { MAX_CALLS, SOCKET } from '#src/domain/request-bounds.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { UserStore } from '#src/ports/users.ts';
import { type Identity, identify } from '#src/services/session/identify.ts';
import type { createPresence } from '../../state/presence.ts';
import type { Hosts } from '../hosts.ts';
import { contextOf, type Origins, proofOf } from '../requests.ts';
import { createOpenSockets, refuseUpgrade } from './open-sockets.ts';

export const SOCKET_PATH = '/api/trpc';
const SOCKET_PROTOCOL = 'comfyume';

/** One message may hold several calls. */
function decode(data: unknown): unknown {
  const message = parseGraphJson(String(data));
  if (Array.isArray(message) && message.length > MAX_CALLS)
    throw new AppError(
      'too_large',
      `One message can hold ${MAX_CALLS} calls, not ${message.length}. Send the rest in another.`,
    );
  return message;
}

/** tRPC over WebSocket. Who is asking is settled before the upgrade, and a socket lives no longer than its session. */
type Deps = ApiDeps & { users: UserStore; presence: ReturnType<typeof createPresence> };

export function createSockets(deps: Deps, origins: Origins, hosts: Hosts) {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: SOCKET.messageBytes,
    // A browser that named protocols wants one of them back; the one with the token is never repeated.
    handleProtocols: (offered) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
  });
  const open = createOpenSockets(deps, (request) => identify(deps, proofOf(request, origins.site(request)), false));
  const identities = new WeakMap<IncomingMessage, Identity>();

  const handler = applyWSSHandler({
    wss: server,
    router: appRouter,
    createContext: ({ req, res }) => ({
      ...contextOf(deps, origins, req, identities.get(req), null),
      unreadBytes: () => res.bufferedAmount,
    }),
    keepAlive: { enabled: true, pingMs: 20_000, pongWaitMs: 10_000 },
    experimental_encoder: { encode: (data) => JSON.stringify(data), decode },
  });

  return {
    count: open.count,

    async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      // Who hangs up before the answer is an error of this socket; without anybody to hear of it, it would end the process.
      socket.on('error', () => socket.destroy());
      if (!hosts.isKnown(request)) return refuseUpgrade(socket, '421 Misdirected Request');
      if (!origins.isAllowed(request)) return refuseUpgrade(socket, '403 Forbidden');
      const identity = await open.admit(request, socket);
      if (!identity) return;
      identities.set(request, identity);
      server.handleUpgrade(request, socket, head, (ws) => {
        open.add(ws, identity, request);
        server.emit('connection', ws, request);
      });
    },

    async close(): Promise<void> {
      handler.broadcastReconnectNotification();
      await open.close();
      server.close();
    },
  };
}
