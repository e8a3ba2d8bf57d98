import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { seconds } from '#src/domain/health/finding.ts';
import { SOCKET, SOCKETS } from '#src/domain/request-bounds.ts';
import { SESSION_ENDED_CODE, SESSION_TURNED_CODE } from '#src/domain/users/session.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { Identity } from '#src/services/session/identify.ts';
import type { createPresence } from '../../state/presence.ts';
import { createSocketBounds } from './socket-bounds.ts';

/** A session can end by time alone. */
const RECHECK_MS = 60_000;
const GOING_AWAY = 1001;
const CLOSING_MS = 1000;

export const refuseUpgrade = (socket: Duplex, status: string, sentence = ''): void => {
  const type = 'Content-Type: text/plain; charset=utf-8';
  const length = `Content-Length: ${Buffer.byteLength(sentence)}`;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${type}\r\n${length}\r\n\r\n${sentence}`);
};
const OPENED_TOO_OFTEN = `More than ${SOCKETS.MAX_OPENED} connections were opened in ${seconds(SOCKETS.OPENED_WINDOW_MS)}. Try again after that time.`;
const TOO_MANY_OPEN = `You have ${SOCKET.perPerson} connections open. Close some of them first.`;

type Deps = {
  bus: Bus;
  users: Pick<UserStore, 'seen'>;
  presence: ReturnType<typeof createPresence>;
  clock: Clock;
  log: Log;
};

/** While impersonating, it is the operator who is online. */
const personOf = ({ operator, actor }: Identity): string => (operator ?? actor).userId;

/** Sockets of people who are known, within bounds; none lives longer than its session. `prove`: who a request is of, now. */
export function createOpenSockets(deps: Deps, prove: (request: IncomingMessage) => Promise<Identity | null>) {
  const bounds = createSocketBounds(deps.log);
  const open = new Map<WebSocket, { identity: Identity; request: IncomingMessage }>();

  const writing = new Set<Promise<void>>();
  function see(userId: string): void {
    const written = deps.users
      .seen(userId, deps.clock.now())
      .catch((error: unknown) => deps.log.error({ err: error }, 'could not record who is online'))
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  const socketsOf = (userId: string): number =>
    [...open.values()].filter(({ identity }) => personOf(identity) === userId).length;

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
        if (!(await prove(request))) socket.close(SESSION_ENDED_CODE, 'signed out');
      } catch (error) {
        deps.log.error({ err: error }, 'could not recheck a session');
      }
    }
  }, RECHECK_MS);
  recheck.unref();

  return {
    count: () => open.size,

    /** Who asks, if they may open one more; else the request is answered. */
    async admit(request: IncomingMessage, socket: Duplex): Promise<Identity | null> {
      const identity = await prove(request);
      if (!identity) refuseUpgrade(socket, '401 Unauthorized');
      else if (!bounds.mayOpen(personOf(identity))) refuseUpgrade(socket, '429 Too Many Requests', OPENED_TOO_OFTEN);
      else if (socketsOf(personOf(identity)) >= SOCKET.perPerson)
        refuseUpgrade(socket, '429 Too Many Requests', TOO_MANY_OPEN);
      else return identity;
      return null;
    },

    add(ws: WebSocket, identity: Identity, request: IncomingMessage): void {
      const userId = personOf(identity);
      open.set(ws, { identity, request });
      bounds.watch(ws, userId);
      deps.presence.enter(userId);
      see(userId);
      ws.once('close', () => {
        open.delete(ws);
        deps.presence.leave(userId);
        see(userId);
      });
    },

    /** All of this person's. */
    end(userId: string, reason: string): void {
      for (const [ws, { identity }] of open) if (identity.actor.userId === userId) ws.close(SESSION_ENDED_CODE, reason);
    },

    async close(): Promise<void> {
      clearInterval(recheck);
      bounds.close();
      unlisten();
      for (const ws of open.keys()) ws.close(GOING_AWAY, 'restarting');
      await new Promise<void>((resolve) => {
        if (open.size === 0) return resolve();
        const timer = setTimeout(resolve, CLOSING_MS);
        for (const ws of open.keys())
          ws.once('close', () => {
            if (open.size > 0) return;
            clearTimeout(timer);
            resolve();
          });
      });
      for (const ws of open.keys()) ws.terminate();
      await Promise.all(writing);
    },
  };
}
