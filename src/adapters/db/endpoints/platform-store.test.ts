import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reason } from '#src/domain/jobs/job.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';
import { createPlatformStore } from './platform-store.ts';

let stores: Fresh;
let endpointId: string;
let userId: string;
beforeAll(async () => {
  stores = await openFresh();
  const endpoint = { name: 'a', url: 'http://a.test', gpu: '', apiKeyVariable: null };
  endpointId = (await stores.endpoints.upsert({ ...endpoint, pricing: 'spot', capacity: 2 }, 0)).id;
  userId = randomUUID();
  await stores.users.create({ id: userId, name: 'Anna', role: 'participant', passwordHash: 'x', now: 0 });
});
afterAll(() => stores.close());

/** A job whose first attempt has ended like that. */
async function lost(reason: Reason, now: number) {
  const [jobId, attemptId] = [randomUUID(), randomUUID()];
  const job = { id: jobId, userId, clientRequestId: null, title: '', prompt: '{}', workflow: null, fingerprint: null };
  await stores.jobs.add({ ...job, expectedFiles: null, now: 1000 });
  const plan = { folder: attemptId, saves: [], markerNodes: {} };
  await stores.jobs.dispatch({ jobId, attemptId, userId, endpointId, plan, generations: [], now: 2000 });
  await stores.jobs.giveBack({ jobId, attemptId, reason, detail: 'asked 9 times', now });
  return { jobId, attemptId };
}
const detailOf = async (id: string) => (await stores.db.attempt.findUniqueOrThrow({ where: { id } })).detail;

test('attempts that failed recently are unexplained until they are explained, for operators', async () => {
  const store = createPlatformStore(stores.db);
  await lost('lost', 4000);
  const { jobId, attemptId } = await lost('never_started', 6000);
  await lost('endpoint_unreachable', 7000);
  expect(await store.unexplained(5000)).toEqual([
    { attemptId, jobId, endpointId, outcome: 'never_started', sentAt: 2000, startedAt: null, endedAt: 6000 },
  ]);
  await store.explain(attemptId, 'SchedulingFailed');
  expect(await detailOf(attemptId)).toBe('asked 9 times; probably: SchedulingFailed');
  expect(await store.unexplained(5000)).toEqual([]);
});

test('one that has come through after all is not explained', async () => {
  const store = createPlatformStore(stores.db);
  const { jobId, attemptId } = await lost('lost', 9000);
  await stores.jobs.markDelivering({ jobId, attemptId, now: 9500 });
  await store.explain(attemptId, 'Preempted');
  expect(await detailOf(attemptId)).toBe('asked 9 times');
});

test('a hold is stored, changed and let go', async () => {
  const store = createPlatformStore(stores.db);
  await store.protection('flux', { minBefore: 0, minSet: 0, minAsked: 2 }, 1000);
  await store.protection('flux', { minBefore: 0, minSet: 2, minAsked: 2 }, 2000);
  expect(await store.protections()).toEqual(new Map([['flux', { minBefore: 0, minSet: 2, minAsked: 2 }]]));
  await store.letGo('flux');
  expect(await store.protections()).toEqual(new Map());
});
