import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';
import { createJobBoard } from './job-board.ts';

const ENDLESS = 'x'.repeat(2_000_000);
const NOW = Date.parse('2026-11-30T10:00:00.000Z');

let stores: Fresh;
let endpointId = '';
const userId = randomUUID();
beforeAll(async () => {
  stores = await openFresh();
  await stores.users.create({ id: userId, name: 'Anna', role: 'participant', passwordHash: '', now: NOW });
  const gpu = {
    name: 'gpu',
    url: 'http://gpu.test',
    gpu: '',
    pricing: 'spot',
    capacity: 1,
    apiKeyVariable: null,
  } as const;
  endpointId = (await stores.endpoints.upsert(gpu, NOW)).id;
});
afterAll(() => stores.close());

async function sent(): Promise<{ jobId: string; attemptId: string }> {
  const [jobId, attemptId] = [randomUUID(), randomUUID()];
  await stores.jobs.add({
    id: jobId,
    userId,
    clientRequestId: null,
    title: 't',
    prompt: '{}',
    workflow: null,
    fingerprint: null,
    expectedFiles: null,
    now: NOW,
  });
  const plan = { folder: attemptId, saves: [], markerNodes: {} };
  await stores.jobs.dispatch({ jobId, userId, endpointId, attemptId, plan, generations: [], now: NOW });
  return { jobId, attemptId };
}

const fault = { type: ENDLESS, message: ENDLESS, details: ENDLESS, extra_info: { received_value: ENDLESS } };
const nodeErrors = { 3: { class_type: ENDLESS, dependent_outputs: [ENDLESS], errors: [fault, fault] } };

async function weight({ jobId, attemptId }: { jobId: string; attemptId: string }): Promise<number> {
  const job = await stores.db.job.findUniqueOrThrow({ where: { id: jobId } });
  const attempt = await stores.db.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  return [job.message, job.nodeErrors, attempt.detail].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

test('whatever ends an attempt, 64 KB of a worker’s words are kept', async () => {
  const failed = await sent();
  await stores.jobs.fail({
    ...failed,
    reason: 'execution_error',
    message: ENDLESS,
    nodeErrors,
    detail: ENDLESS,
    now: NOW,
  });
  const accepted = await sent();
  const plan = { folder: '', saves: [], markerNodes: {} };
  await stores.jobs.answered({ ...accepted, answer: 'accepted', httpStatus: 200, plan, nodeErrors, now: NOW });
  await stores.jobs.stall({ jobId: accepted.jobId, reason: 'storage_full', message: ENDLESS, now: NOW });
  const back = await sent();
  await stores.jobs.giveBack({ ...back, reason: 'lost', detail: ENDLESS, now: NOW });
  for (const one of [failed, accepted, back]) {
    expect(await weight(one)).toBeLessThanOrEqual(66_000);
    expect(await weight(one)).toBeGreaterThan(1000);
  }
});

test('a list reads only the beginning of message and node errors, the job itself all that is kept', async () => {
  const { jobId, attemptId } = await sent();
  const nodes = Object.fromEntries(Array.from({ length: 50 }, (_, id) => [id, { ...nodeErrors[3], errors: [fault] }]));
  await stores.jobs.fail({
    jobId,
    attemptId,
    reason: 'rejected_by_worker',
    message: ENDLESS,
    nodeErrors: nodes,
    now: NOW,
  });
  const { items } = await stores.jobs.list({ userId, statuses: null, limit: 200, cursor: null });
  const [onBoard] = await createJobBoard(stores.db).some([jobId]);
  for (const job of [items.find(({ id }) => id === jobId), onBoard]) {
    expect(Object.keys(job?.nodeErrors ?? {})).not.toEqual([]);
    expect(JSON.stringify(job?.nodeErrors).length).toBeLessThanOrEqual(2100);
    expect(job?.message).toBe(`${'x'.repeat(999)}…`);
  }
  const job = await stores.jobs.find(jobId);
  expect(JSON.stringify(job?.nodeErrors).length).toBeGreaterThan(8000);
  expect(job?.message).toHaveLength(8192);
});
