import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { addressOf, reach } from './reach.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

/** A server that says nothing, and all that was said to it on each connection, once that connection has ended. */
async function listener() {
  const said: Promise<string>[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.on('data', (piece) => {
      text += String(piece);
    });
    socket.on('error', () => undefined);
    said.push(once(socket, 'close').then(() => text));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, said };
}

const patient = () => new AbortController().signal;

test('a connection is enough: nothing is said', async () => {
  const { port, said } = await listener();
  await reach(`http://127.0.0.1:${port}/comfy?x=1`, patient());
  expect(await Promise.all(said)).toEqual(['']);
});

test('nobody listens', async () => {
  const { port } = await listener();
  servers[0]?.close();
  await expect(reach(`http://127.0.0.1:${port}`, patient())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a server that never answers the TLS greeting is let go of', async () => {
  const { port, said } = await listener();
  const end = new AbortController();
  const reached = reach(`https://localhost:${port}`, end.signal);
  await expect.poll(() => said.length).toBe(1);
  end.abort();
  await expect(reached).rejects.toThrow('given up');
  expect((await said[0])?.charCodeAt(0)).toBe(0x16);
});

test('a server that does not speak TLS', async () => {
  const server = createServer((socket) =>
    socket
      .resume()
      .on('error', () => undefined)
      .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  );
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await expect(reach(`https://127.0.0.1:${address.port}`, patient())).rejects.toMatchObject({
    code: expect.stringMatching(/SSL|EPROTO/),
  });
});

test('nothing is begun once it is given up', async () => {
  const { port, said } = await listener();
  const end = new AbortController();
  end.abort();
  await expect(reach(`http://127.0.0.1:${port}`, end.signal)).rejects.toThrow('given up');
  expect(said).toEqual([]);
});

test.each([
  ['http://gpu.test', { host: 'gpu.test', port: 80, isTls: false }],
  ['https://gpu.test/comfy', { host: 'gpu.test', port: 443, isTls: true }],
  ['https://gpu.test:8443', { host: 'gpu.test', port: 8443, isTls: true }],
  ['http://[::1]:8188/', { host: '::1', port: 8188, isTls: false }],
])('%s', (url, address) => expect(addressOf(url)).toEqual(address));
