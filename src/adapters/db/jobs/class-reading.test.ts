import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFresh } from '../fresh-database.testing.ts';
import { createClassReading } from './class-reading.ts';

let stores: Awaited<ReturnType<typeof openFresh>>;
let userId = '';
let endpointId = '';
const NOW = Date.parse('2026-11-30T10:00:00.000Z');

beforeAll(async () => {
  stores = await openFresh();
  const { users, endpoints } = stores;
  ({ id: userId } = await users.create({
    id: randomUUID(),
    name: 'Anna',
    role: 'participant',
    passwordHash: 'x',
    now: NOW,
  }));
  const gpu = {
    name: 'gpu',
    url: 'http://gpu.test',
    gpu: '',
    pricing: 'spot',
    capacity: 4,
    apiKeyVariable: null,
  } as const;
  ({ id: endpointId } = await endpoints.upsert(gpu, NOW));
});
afterAll(() => stores.close());

async function dispatched(isListened: boolean | undefined) {
  const attemptId = randomUUID();
  const { job } = await stores.jobs.add({
    id: randomUUID(),
    userId,
    clientRequestId: null,
    title: 'a job',
    prompt: '{"9":{}}',
    workflow: null,
    fingerprint: null,
    expectedFiles: null,
    now: NOW,
  });
  await stores.jobs.dispatch({
    jobId: job.id,
    userId,
    endpointId,
    attemptId,
    plan: { folder: `comfyume/${attemptId}`, saves: [], markerNodes: {} },
    generations: [],
    ...(isListened !== undefined && { isListened }),
    now: NOW,
  });
  return { jobId: job.id, attemptId };
}

test('whether a run was heard is known of those at which somebody listened', async () => {
  const [heard, silent, off, before] = [
    await dispatched(true),
    await dispatched(true),
    await dispatched(false),
    await dispatched(undefined),
  ];
  for (const { attemptId } of [heard, heard, off, before]) await stores.jobs.heard(attemptId);
  const { attempts } = await createClassReading(stores.db).since(NOW);
  const heardOf = new Map(attempts.map((attempt) => [attempt.jobId, attempt.heard]));
  expect([heard, silent, off, before].map(({ jobId }) => heardOf.get(jobId))).toEqual([true, false, null, null]);
});
