import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RunMessage } from '#src/ports/worker.ts';
import { createListen } from './listen.ts';

let server: Server;
let sockets: WebSocketServer;
let url: string;
beforeEach(async () => {
  server = createServer((_, response) => response.writeHead(404).end());
  sockets = new WebSocketServer({ server, path: '/comfy/ws' });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/comfy/`;
});
afterEach(async () => {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const listen = createListen((variable) => (variable === 'COMFY_KEY' ? 'secret' : undefined));

function listener(to = url) {
  const messages: RunMessage[] = [];
  let end: (wasOpen: boolean) => void = () => undefined;
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  const socket = listen({ url: to, apiKeyVariable: 'COMFY_KEY' }, 'client', {
    message: (message) => void messages.push(message),
    open: () => undefined,
    close: end,
  });
  return { messages, ended, socket };
}
async function peer(): Promise<{ client: WebSocket; url: string; authorization: string | undefined; hello: string }> {
  const [client, request] = await once(sockets, 'connection');
  const [hello] = await once(client, 'message');
  return { client, url: request.url, authorization: request.headers.authorization, hello: String(hello) };
}
const start = (id: string): string => JSON.stringify({ type: 'execution_start', data: { prompt_id: id } });

test('comes with its client id and key, asks for previews that name their prompt, and passes on what is known', async () => {
  const connected = peer();
  const { messages, ended, socket } = listener();
  const { client, ...request } = await connected;
  expect(request.url).toBe('/comfy/ws?clientId=client');
  expect(request.authorization).toBe('Bearer secret');
  expect(JSON.parse(request.hello)).toEqual({ type: 'feature_flags', data: { supports_preview_metadata: true } });
  for (const text of ['not JSON', '{"type":"status","data":{}}', start('a')]) client.send(text);
  await expect.poll(() => messages).toEqual([{ type: 'started', promptId: 'a' }]);
  socket.close();
  expect(await ended).toBe(true);
});

test('a refused connection, an address without sockets and nobody at all are reported as refused', async () => {
  expect(await listener(url.replace('/comfy/', '/other')).ended).toBe(false);
  expect(await listener('http://127.0.0.1:9').ended).toBe(false);
});

test('a flood is cut, and a frame that is too large ends the connection, not the process', async () => {
  const connected = peer();
  const { messages, ended } = listener();
  const { client } = await connected;
  for (let count = 0; count < 5000; count += 1) client.send(start(String(count)));
  client.send(Buffer.alloc(2 * 1024 * 1024));
  expect(await ended).toBe(true);
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.length).toBeLessThan(5000);
});
