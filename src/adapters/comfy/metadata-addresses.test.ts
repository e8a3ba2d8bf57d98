import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { reach } from './reach.ts';
import { createWorker } from './worker.ts';

/** What the name server says; a name of its own for each test. */
const answers = vi.hoisted(() => new Map<string, { address: string; family: number }[]>());
vi.mock('node:dns', async (original) => {
  const real = await original<typeof import('node:dns')>();
  const lookup = (host: string, options: object, done: (error: Error | null, found: LookupAddress[]) => void) => {
    const found = answers.get(host);
    if (found) done(null, found);
    else real.lookup(host, { ...options, all: true }, done);
  };
  return { ...real, default: { ...real, lookup }, lookup };
});
const { isForbidden } = await import('./metadata-addresses.ts');
afterEach(() => answers.clear());

test.each([
  '169.254.169.254',
  '169.254.0.1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fd20:ce::254',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
])('nothing is sent to %s', (address) => expect(isForbidden(address)).toBe(true));

test.each(['127.0.0.1', '::1', '10.0.0.1', '192.168.1.1', 'fd12:3456::1', '8.8.8.8', '2001:db8::1', '169.253.0.1'])(
  '%s may hold an endpoint',
  (address) => expect(isForbidden(address)).toBe(false),
);

const endpoint = (url: string) => ({
  id: 'e',
  name: 'GPUs',
  url,
  gpu: '',
  pricing: 'spot' as const,
  capacity: 1,
  apiKeyVariable: null,
  enabled: true,
  origin: 'operator' as const,
  place: 0,
  pricePerHour: null,
  deployment: null,
  listening: 'auto' as const,
  keepWarmUntil: null,
  warmWorkflowId: null,
});
const signal = new AbortController().signal;
const fire = (url: string) =>
  createWorker(() => undefined).fire(
    endpoint(url),
    { promptId: 'p', prompt: {}, extraPnginfo: { comfyume_job: 'j' } },
    signal,
  );

test.each([
  'http://169.254.169.254/latest',
  'http://0xa9fea9fe/',
  'http://2852039166/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://metadata.test/',
])('%s is refused before anything is sent, and in words', async (url) => {
  answers.set('metadata.test', [{ address: '169.254.169.254', family: 4 }]);
  expect(await fire(url)).toMatchObject({
    type: 'unreachable',
    message: expect.stringMatching(/link-local or metadata address, and nothing is sent there/),
  });
  await expect(reach(url, signal)).rejects.toMatchObject({ code: 'forbidden' });
});

test('one good address beside a forbidden one does not help; a good name goes through', async () => {
  const server = createServer((_, response) => response.writeHead(404).end('no'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  answers.set('both.test', [
    { address: '127.0.0.1', family: 4 },
    { address: 'fe80::1', family: 6 },
  ]);
  answers.set('good.test', [{ address: '127.0.0.1', family: 4 }]);
  expect(await fire(`http://both.test:${port}`)).toMatchObject({
    message: expect.stringContaining('both.test (fe80::1)'),
  });
  await reach(`http://good.test:${port}`, signal);
  expect(await fire(`http://good.test:${port}`)).toMatchObject({ httpStatus: 404 });
  server.close();
  server.closeAllConnections();
});
