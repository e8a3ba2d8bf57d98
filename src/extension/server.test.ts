import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, expect, test, vi } from 'vitest';
import { connectServer, failureOf } from './server.ts';
import { newTab } from './tab.testing.ts';

afterAll(() => vi.unstubAllGlobals());

const shuttingDown = {
  error: {
    message: 'm',
    code: -32603,
    data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 503, appError: 'shutting_down' },
  },
};

test.each([
  ['a proxy says that it is too large', 413, 'text/html', '<h1>Too large</h1>', 'proxy', 'it is too large'],
  ['a proxy forbids it', 403, 'text/html', '', 'proxy', 'HTTP 403'],
  ['a proxy finds nobody', 502, 'text/html', '<h1>Bad gateway</h1>', null, 'does not respond'],
  ['the server is going', 503, 'application/json', JSON.stringify([shuttingDown]), null, 'does not respond'],
])('%s', async (_, status, type, body, code, words) => {
  newTab();
  const front = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type, connection: 'close' }).end(body);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  try {
    const server = connectServer(
      { address: `http://127.0.0.1:${address.port}`, token: '' },
      () => undefined,
      () => undefined,
    );
    const failure = failureOf(await server.api.jobs.submit.mutate({ prompt: {} }).catch((error: unknown) => error));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    if (type === 'text/html')
      expect(failureOf(await server.sendInput(new Blob(['x']), 'x.png').catch((error: unknown) => error)).code).toBe(
        code,
      );
  } finally {
    front.close();
  }
});
