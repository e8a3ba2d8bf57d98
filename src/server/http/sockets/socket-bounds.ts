import type { RawData, WebSocket } from 'ws';
import { fileSize } from '#src/domain/measures.ts';
import { SOCKET, SOCKETS } from '#src/domain/request-bounds.ts';
import type { Log } from '#src/ports/log.ts';
import { createRate } from '../rate.ts';

const POLICY = 1008;
const SECOND_MS = 1000;
const CHECK_MS = 250;
/** Who does not read the reason within this time does not get it. */
const GRACE_MS = 1000;

const sizeOf = (data: RawData): number =>
  Array.isArray(data) ? data.reduce((sum, { byteLength }) => sum + byteLength, 0) : data.byteLength;

/** What one person may say over all their sockets, and what may wait for them there. Counted before it is parsed. */
export function createSocketBounds(log: Log, now: () => number = () => performance.now()) {
  const hasRoomToOpen = createRate(SOCKETS.MAX_OPENED, SOCKETS.OPENED_WINDOW_MS, now);
  const hasRoomForMessage = createRate(SOCKETS.MAX_MESSAGES_PER_SECOND, SECOND_MS, now);
  const hasRoomForBytes = createRate(SOCKETS.MAX_BYTES_PER_SECOND, SECOND_MS, now);
  const open = new Map<WebSocket, string>();

  function end(ws: WebSocket, reason: string): void {
    log.warn({ user: open.get(ws), reason }, 'WebSocket closed');
    open.delete(ws);
    // What comes after this message is not looked at any more.
    ws.removeAllListeners('message');
    ws.close(POLICY, reason);
    ws.pause();
    setTimeout(() => ws.terminate(), GRACE_MS).unref();
  }

  const check = setInterval(() => {
    for (const ws of open.keys())
      if (ws.bufferedAmount > SOCKETS.MAX_UNREAD_BYTES)
        end(ws, `more than ${fileSize(SOCKETS.MAX_UNREAD_BYTES)} not read`);
  }, CHECK_MS);
  check.unref();

  return {
    mayOpen: hasRoomToOpen,
    watch(ws: WebSocket, userId: string): void {
      open.set(ws, userId);
      const hasOwnRoom = createRate(SOCKET.messagesPerSecond, SECOND_MS, now);
      ws.on('message', (data: RawData) => {
        if (!hasOwnRoom('')) end(ws, `more than ${SOCKET.messagesPerSecond} messages in a second`);
        else if (!hasRoomForMessage(userId))
          end(ws, `more than ${SOCKETS.MAX_MESSAGES_PER_SECOND} messages in a second on all connections`);
        else if (!hasRoomForBytes(userId, sizeOf(data)))
          end(ws, `more than ${fileSize(SOCKETS.MAX_BYTES_PER_SECOND)} in a second on all connections`);
      });
      ws.once('close', () => open.delete(ws));
    },
    close: () => clearInterval(check),
  };
}
