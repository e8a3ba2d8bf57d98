import { WebSocket } from 'ws';
import type { Listen } from '#src/ports/worker.ts';
import { assertAllowed, lookupAllowed } from './metadata-addresses.ts';
import { addressOf } from './reach.ts';
import { readPreview, readRunMessage } from './run-messages.ts';

const HANDSHAKE_MS = 10_000;
const MAX_FRAME_BYTES = 1024 * 1024;
/** Of one socket. A sampler of 1000 steps in a second says less. */
const MAX_FRAMES_PER_SECOND = 500;
/** Of one socket: what is beyond is not read. Previews of several replicas at full speed need half of it. */
const MAX_BYTES_PER_SECOND = 1024 * 1024;
const PING_EVERY_MS = 20_000;
const HELLO = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });

/** `keyOf` gives the value of the environment variable that an endpoint names. */
export function createListen(keyOf: (variable: string) => string | undefined): Listen {
  return ({ url, apiKeyVariable }, clientId, on) => {
    const key = apiKeyVariable === null ? undefined : keyOf(apiKeyVariable);
    assertAllowed(addressOf(url).host);
    const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws?clientId=${clientId}`, {
      ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
      lookup: lookupAllowed,
    });
    let wasOpen = false;
    let isThere = true;
    let frames = 0;
    let bytes = 0;
    let second = 0;
    const pings = setInterval(() => {
      if (!isThere) return socket.terminate();
      isThere = false;
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, PING_EVERY_MS);
    pings.unref();
    socket.on('open', () => {
      wasOpen = true;
      socket.send(HELLO);
      on.open();
    });
    socket.on('pong', () => {
      isThere = true;
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      isThere = true;
      const now = Math.floor(performance.now() / 1000);
      if (now !== second) [second, frames, bytes] = [now, 0, 0];
      frames += 1;
      bytes += data.length;
      if (frames > MAX_FRAMES_PER_SECOND || bytes > MAX_BYTES_PER_SECOND) return;
      const message = isBinary ? readPreview(data) : readRunMessage(String(data));
      if (message) on.message(message);
    });
    // It is always followed by `close`.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(pings);
      on.close(wasOpen);
    });
    return { close: () => (wasOpen ? socket.close() : socket.terminate()) };
  };
}
