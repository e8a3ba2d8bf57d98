import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { appRouter } from '#src/api/app/router.ts';
import type { ApiDeps } from '#src/api/trpc.ts';
import { AppError } from '#src/domain/errors.ts';
import { seconds } from '#src/domain/health/finding.ts';
import { MAX_CALLS, SOCKET, SOCKETS } from '#src/domain/request-bounds.ts';
import { SESSION_ENDED_CODE, SESSION_TURNED_CODE } from '#src/domain/users/session.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { UserStore } from '#src/ports/users.ts';
import { type Identity, identify } from '#src/services/session/identify.ts';
import type { createPresence } from '../state/presence.ts';
import type { Hosts } from './hosts.ts';
import { contextOf, type Origins, proofOf } from './requests.ts';
import { createSocketBounds } from './socket-bounds.ts';

export const SOCKET_PATH = '/api/trpc';
const SOCKET_PROTOCOL = 'comfyume';
/** A session can end by time alone. */
const RECHECK_MS = 60_000;
const GOING_AWAY = 1001;

const refuse = (socket: Duplex, status: string, sentence = ''): void => {
  const type = 'Content-Type: text/plain; charset=utf-8';
  const length = `Content-Length: ${Buffer.byteLength(sentence)}`;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${type}\r\n${length}\r\n\r\n${sentence}`);
};
const TOO_MANY = '429 Too Many Requests';
const OPENED_TOO_OFTEN = `More than ${SOCKETS.MAX_OPENED} connections were opened in ${seconds(SOCKETS.OPENED_WINDOW_MS)}. Try again after that time.`;
const TOO_MANY_OPEN = `You have ${SOCKET.perPerson} connections open. Close some of them first.`;

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
  const bounds = createSocketBounds(deps.log);
  const identities = new WeakMap<IncomingMessage, Identity>();
  const open = new Map<WebSocket, { identity: Identity; request: IncomingMessage }>();

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

  const writing = new Set<Promise<void>>();
  function see(userId: string): void {
    const written = deps.users
      .seen(userId, deps.clock.now())
      .catch((error: unknown) => deps.log.error({ err: error }, 'could not record who is online'))
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  const socketsOf = (userId: string): number =>
    [...open.values()].filter(({ identity }) => (identity.operator ?? identity.actor).userId === userId).length;

  const unlisten = deps.bus.listen((message) => {
    if (message.type === 'session.turned')
      for (const [socket, { identity }] of open)
        if (identity.sessionId === message.sessionId) socket.close(SESSION_TURNED_CODE, 'session turned');
    if (message.type !== 'sessions.ended') return;
    for (const [socket, { identity }] of open) {
      const isSameUser = identity.actor.userId === message.userId || identity.operator?.userId === message.userId;
      const same = isSameUser && (message.sessionId === null || identity.sessionId === message.sessionId);
      const kept = message.keepSessionId !== null && identity.sessionId === message.keepSessionId;
      if (same && !kept) socket.close(SESSION_ENDED_CODE, 'signed out');
    }
  });

  const recheck = setInterval(async () => {
    for (const [socket, { request }] of open) {
      try {
        if (!(await identify(deps, proofOf(request, origins.site(request)), false)))
          socket.close(SESSION_ENDED_CODE, 'signed out');
      } catch (error) {
        deps.log.error({ err: error }, 'could not recheck a session');
      }
    }
  }, RECHECK_MS);
  recheck.unref();

  return {
    count: () => open.size,

    async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      // Who hangs up before the answer is an error of this socket; without anybody to hear of it, it would end the process.
      socket.on('error', () => socket.destroy());
      if (!hosts.isKnown(request)) return refuse(socket, '421 Misdirected Request');
      if (!origins.isAllowed(request)) return refuse(socket, '403 Forbidden');
      const identity = await identify(deps, proofOf(request, origins.site(request)), false);
      if (!identity) return refuse(socket, '401 Unauthorized');
      identities.set(request, identity);
      // While impersonating, it is the operator who is online.
      const { userId } = identity.operator ?? identity.actor;
      if (!bounds.mayOpen(userId)) return refuse(socket, TOO_MANY, OPENED_TOO_OFTEN);
      if (socketsOf(userId) >= SOCKET.perPerson) return refuse(socket, TOO_MANY, TOO_MANY_OPEN);
      server.handleUpgrade(request, socket, head, (ws) => {
        open.set(ws, { identity, request });
        bounds.watch(ws, userId);
        deps.presence.enter(userId);
        see(userId);
        ws.once('close', () => {
          open.delete(ws);
          deps.presence.leave(userId);
          see(userId);
        });
        server.emit('connection', ws, request);
      });
    },

    async close(): Promise<void> {
      clearInterval(recheck);
      bounds.close();
      unlisten();
      handler.broadcastReconnectNotification();
      for (const ws of open.keys()) ws.close(GOING_AWAY, 'restarting');
      await new Promise<void>((resolve) => {
        if (open.size === 0) return resolve();
        const timer = setTimeout(resolve, 1000);
        for (const ws of open.keys())
          ws.once('close', () => {
            if (open.size > 0) return;
            clearTimeout(timer);
            resolve();
          });
      });
      for (const ws of open.keys()) ws.terminate();
      server.close();
      await Promise.all(writing);
    },
  };
}
