import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITS } from '#src/domain/endpoints/platform-rate.ts';
import type { FakeDeployment } from '#src/simulator/verda/deployments.ts';
import { type FakeVerda, startFakeVerda } from '#src/simulator/verda/fake-verda.ts';
import { createVerda } from './verda.ts';

const CREDENTIALS = { clientId: 'id', clientSecret: 'secret' };
const flux = (): FakeDeployment => ({
  name: 'flux',
  url: 'https://containers.test/flux',
  gpu: 'H200',
  spot: true,
  min: 0,
  max: 4,
  replicas: [],
  logs: [],
  systemLogs: [],
});

let fake: FakeVerda;
let verda: ReturnType<typeof createVerda>;
async function open(more: { tokenSeconds?: number } = {}): Promise<void> {
  fake = await startFakeVerda({ ...CREDENTIALS, deployments: [flux()], ...more });
  verda = createVerda({ ...CREDENTIALS, baseUrl: fake.url });
}
const signIns = () => fake.requests.filter((one) => one === 'POST /oauth2/token').length;

beforeEach(() => open());
afterEach(async () => {
  verda.close();
  await fake.stop();
});

test('deployments, with what they run on', async () => {
  expect(await verda.deployments()).toEqual([
    { name: 'flux', url: 'https://containers.test/flux', gpu: 'H200', gpus: 1, spot: true },
  ]);
});

test('replicas in whatever words, also in ones that nobody knows yet', async () => {
  const at = '2026-11-23T10:00:00.000Z';
  const words = [
    'imagepulling',
    'image_pulling',
    'initializing',
    'running',
    'terminating',
    'error',
    'unavailable',
    'warming',
  ];
  fake.deployments[0]!.replicas = words.map((status, index) => ({ id: `v${index}`, status, started_at: at }));
  const replicas = await verda.replicas('flux');
  expect(replicas.map(({ state }) => state)).toEqual([
    'image_pulling',
    'image_pulling',
    'initializing',
    'running',
    'terminating',
    'error',
    'unavailable',
    'other',
  ]);
  expect(replicas[0]).toMatchObject({ id: 'v0', startedAt: Date.parse(at) });
});

test('scaling is read and changed, and nothing else of it with it', async () => {
  expect(await verda.scaling('flux')).toEqual({ min: 0, max: 4 });
  expect(await verda.setMinReplicas('flux', 3)).toEqual({ min: 3, max: 4 });
  expect(await verda.scaling('flux')).toEqual({ min: 3, max: 4 });
  await expect(verda.setMinReplicas('flux', 9)).rejects.toMatchObject({
    code: 'platform_unavailable',
    message: expect.stringContaining('min_replica_count is not valid'),
  });
});

test('a change that is answered too late counts when it was made', async () => {
  fake.control.slowPatches = 1;
  expect(await verda.setMinReplicas('flux', 2)).toEqual({ min: 2, max: 4 });
});

test('prices by all names, and logs by time and words', async () => {
  expect(await verda.prices()).toEqual([
    { names: ['H200 SXM5 141GB', 'H200', '1H200.141S.44V'], gpus: 1, onDemand: 2.8, spot: 0.97 },
  ]);
  const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 10, 0, second)).toISOString();
  fake.deployments[0]!.logs = [
    { timestamp: at(1), replica: 'flux-x2abc', message: 'RuntimeError: early' },
    { timestamp: at(20), replica: 'flux-x2abc', message: 'ValueError: right' },
    { timestamp: at(21), replica: 'flux-x2abc', message: 'all is well' },
  ];
  fake.deployments[0]!.systemLogs = [
    { timestamp: at(22), reason: 'SchedulingFailed', message: 'no GPU', involved_object: 'flux', count: 3 },
  ];
  const span = { from: Date.parse(at(10)), to: Date.parse(at(30)) };
  expect(await verda.logs('flux', 'Error', span)).toEqual([
    { at: Date.parse(at(20)), replica: 'flux-x2abc', message: 'ValueError: right' },
  ]);
  expect(await verda.systemLogs('flux', span)).toEqual([
    { at: Date.parse(at(22)), reason: 'SchedulingFailed', message: 'no GPU', object: 'flux' },
  ]);
});

test.each([
  ['a number of nanoseconds', 1_795_428_000_123_000_000, 1_795_428_000_123],
  ['its digits', '1795428000123456789', 1_795_428_000_123],
  ['a date with nanoseconds', '2026-11-23T10:00:00.123456789Z', Date.UTC(2026, 10, 23, 10, 0, 0, 123)],
])('a log’s time may be %s', async (_, timestamp, at) => {
  const { logLines } = await import('./replies.ts');
  expect(logLines.parse([{ timestamp, replica: 'r', message: 'm' }])).toEqual([{ at, replica: 'r', message: 'm' }]);
});
test('a log line without a time that can be read is passed over', async () => {
  const { logLines } = await import('./replies.ts');
  expect(logLines.parse([{ timestamp: 'yesterday', message: 'm' }])).toEqual([]);
});

describe('signing in', () => {
  test('once for many at the same time', async () => {
    await Promise.all([verda.deployments(), verda.scaling('flux'), verda.replicas('flux')]);
    expect(signIns()).toBe(1);
  });
  test('again, by the refresh token, before it expires; and from the beginning where that is not taken', async () => {
    verda.close();
    await fake.stop();
    await open({ tokenSeconds: 0.1 });
    const askUntil = (count: number) =>
      vi.waitFor(
        async () => {
          await verda.deployments();
          expect(signIns()).toBe(count);
        },
        { timeout: 20_000 },
      );
    await askUntil(1);
    await askUntil(2);
    fake.control.forgetRefreshTokens();
    await askUntil(4);
  });
  test('again when a token is refused although its time is not over', async () => {
    await verda.deployments();
    fake.control.forgetTokens();
    expect(await verda.deployments()).toHaveLength(1);
  });
  test('wrong credentials are told as such', async () => {
    const stranger = createVerda({ clientId: 'id', clientSecret: 'wrong', baseUrl: fake.url });
    await expect(stranger.deployments()).rejects.toThrow(/does not accept VERDA_CLIENT_ID and VERDA_CLIENT_SECRET/);
    stranger.close();
  });
});

describe('what is refused is told in words', () => {
  test.each([
    [402, 'insufficient_funds', /not enough money for the list of deployments/],
    [403, 'forbidden_action', /lack permission for the list of deployments.*scope/],
    [500, 'server_error', /could not do this: the list of deployments \(HTTP 500\)/],
    [503, 'service_unavailable', /HTTP 503/],
    [504, 'server_error', /too long with the list of deployments/],
  ])('%i', async (status, code, words) => {
    await verda.scaling('flux');
    fake.control.refusal = { status, code, message: 'in its own words' };
    await expect(verda.deployments()).rejects.toMatchObject({
      code: 'platform_unavailable',
      message: expect.stringMatching(words),
    });
    await expect(verda.deployments()).rejects.toThrow(/in its own words/);
  });
  test('a deployment that is not there', () =>
    expect(verda.scaling('gone')).rejects.toThrow(/does not know the scaling of gone/));
  test('nobody there', async () => {
    await fake.stop();
    await expect(verda.deployments()).rejects.toThrow('Verda could not be reached (ECONNREFUSED).');
  });
});

describe('the limits', () => {
  test('a 429 silences everything for as long as it says, and says so', async () => {
    await verda.deployments();
    fake.control.refusal = { status: 429, code: 'rate_limit_exceeded', message: 'slow down', retryAfter: 40 };
    await expect(verda.deployments()).rejects.toMatchObject({ retryAfterSeconds: 40 });
    fake.control.refusal = null;
    const before = fake.requests.length;
    await expect(verda.replicas('flux')).rejects.toMatchObject({ code: 'platform_unavailable' });
    expect(fake.requests).toHaveLength(before);
  });
  test('one that says a moment is waited for', async () => {
    await verda.deployments();
    fake.control.refusal = { status: 429, code: 'rate_limit_exceeded', message: 'slow down', retryAfter: 0.05 };
    const asked = verda.scaling('flux');
    await vi.waitFor(() => expect(fake.requests.at(-1)).toBe('GET /container-deployments/flux/scaling'), {
      timeout: 20_000,
    });
    fake.control.refusal = null;
    expect(await asked).toEqual({ min: 0, max: 4 });
  });
  test('no more for one path than it takes', async () => {
    const few = createVerda({ ...CREDENTIALS, baseUrl: fake.url }, { ...LIMITS, onePath: 3 });
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => few.scaling('flux')));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(fake.requests.filter((one) => one.endsWith('/scaling'))).toHaveLength(3);
    expect(await few.replicas('flux')).toEqual([]);
    few.close();
  });
  test('what is over it by a moment goes a moment later', async () => {
    const few = createVerda({ ...CREDENTIALS, baseUrl: fake.url }, { all: 4, onePath: 2, windowMs: 100 });
    await Promise.all(Array.from({ length: 6 }, () => few.scaling('flux')));
    expect(fake.requests.filter((one) => one.endsWith('/scaling'))).toHaveLength(6);
    few.close();
  });
});
