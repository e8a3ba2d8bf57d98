import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlatformStore } from '#src/adapters/db/endpoints/platform-store.ts';
import { createAuditLog } from '#src/adapters/db/events/audit-log.ts';
import { type Fresh, openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import { createVerda } from '#src/adapters/verda/verda.ts';
import { type FakeVerda, startFakeVerda } from '#src/simulator/verda/fake-verda.ts';
import { createScaleInProtection } from './scale-in-protection.ts';

const CREDENTIALS = { clientId: 'id', clientSecret: 'secret' };
const QUIET_MS = 60_000;

let stores: Fresh;
let fake: FakeVerda;
let now = 0;
let said: string[] = [];
beforeAll(async () => {
  stores = await openFresh();
});
afterAll(() => stores.close());
beforeEach(async () => {
  said = [];
  const flux = { name: 'flux', url: 'https://x.test/flux', gpu: 'H200', spot: true, min: 1, max: 4 };
  fake = await startFakeVerda({ ...CREDENTIALS, deployments: [{ ...flux, replicas: [], logs: [], systemLogs: [] }] });
});
afterEach(async () => {
  await stores.db.scaleInProtection.deleteMany();
  await fake.stop();
});

/** One life of our process: all that it remembers, it has from the database and from Verda. */
function life(dryRun = false) {
  const platform = createVerda({ ...CREDENTIALS, baseUrl: fake.url });
  const platformStore = createPlatformStore(stores.db);
  const log = {
    debug: () => undefined,
    info: (_: object, message: string) => void said.push(message),
    warn: () => {},
    error: () => {},
  };
  const auditLog = createAuditLog(stores.db, stores.bus, log);
  const holding = createScaleInProtection(
    { platform, platformStore, auditLog, clock: { now: () => now }, log },
    { quietMs: QUIET_MS, dryRun },
  );
  return async (needed: number) => {
    now += 1000;
    const protection = (await platformStore.protections()).get('flux') ?? null;
    await holding.step('flux', { scaling: await platform.scaling('flux'), protection }, needed);
    return fake.deployments[0]!.min;
  };
}

test('raised as more is needed, never lowered before all is quiet, and then put back', async () => {
  const step = life();
  expect(await step(2)).toBe(2);
  expect(await step(4)).toBe(4);
  expect(await step(1)).toBe(4);
  expect(await step(0)).toBe(4);
  now += QUIET_MS;
  expect(await step(0)).toBe(1);
  expect(await stores.db.scaleInProtection.count()).toBe(0);
});

test('what a life that ended in the middle has raised, the next one puts back at once', async () => {
  await life()(3);
  expect(await life()(0)).toBe(1);
});

test('the same when it ended before it had heard that it was raised', async () => {
  fake.control.slowPatches = 1;
  const platformStore = createPlatformStore(stores.db);
  await platformStore.protection('flux', { minBefore: 1, minSet: 1, minAsked: 3 }, now);
  fake.deployments[0]!.min = 3;
  expect(await life()(0)).toBe(1);
});

test('a change that Verda refuses is tried again, and is not taken for somebody else’s', async () => {
  const step = life();
  await step(2);
  fake.control.refusal = { status: 402, code: 'insufficient_funds', message: 'no money' };
  await expect(step(3)).rejects.toThrow(/not enough money/);
  fake.control.refusal = null;
  expect(await step(3)).toBe(3);
});

test('what somebody else has set stays as long as anything is going on', async () => {
  const step = life();
  await step(2);
  fake.deployments[0]!.min = 0;
  expect(await step(2)).toBe(0);
  expect(await step(4)).toBe(0);
  now += QUIET_MS;
  await step(0);
  expect(await step(2)).toBe(2);
});

test('a dry run says once what it would do, and does nothing', async () => {
  const step = life(true);
  await step(3);
  await step(3);
  expect(await step(4)).toBe(1);
  expect(said).toEqual([
    'dry run: would set the minimum number of replicas to 3',
    'dry run: would set the minimum number of replicas to 4',
  ]);
  expect(fake.requests.filter((one) => one.startsWith('PATCH'))).toEqual([]);
});
