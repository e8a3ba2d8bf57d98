import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import { createMeasurements } from '#src/adapters/db/jobs/measurements.ts';
import type { Phase } from '#src/domain/jobs/phase.ts';
import type { Estimates, Measurements } from '#src/ports/statistics.ts';
import { createEstimates } from './estimates.ts';
import { createQueueBoard } from './queue/queue-board.ts';

const SECOND = 1000;
let stores: Awaited<ReturnType<typeof openFresh>>;
let estimates: Estimates;
let board: ReturnType<typeof createQueueBoard>;
let anna = '';
let endpointId = '';
let now = 0;
let asked = 0;

beforeEach(async () => {
  stores = await openFresh();
  now = Date.parse('2026-11-23T10:00:00.000Z');
  asked = 0;
  anna = await addUser('Anna');
  const gpu = {
    name: 'gpu',
    url: 'http://gpu.test',
    gpu: '',
    pricing: 'spot',
    capacity: 1,
    apiKeyVariable: null,
  } as const;
  endpointId = (await stores.endpoints.upsert(gpu, now)).id;
  board = createQueueBoard();
  const real = createMeasurements(stores.db);
  const counted =
    <In extends unknown[], Out>(read: (...given: In) => Promise<Out>) =>
    (...given: In) => {
      asked += 1;
      return read(...given);
    };
  const measurements: Measurements = {
    recent: counted(real.recent),
    like: counted(real.like),
    ended: counted(real.ended),
    flying: counted(real.flying),
    waiting: counted(real.waiting),
  };
  const breakers = { capacity: (_: string, capacity: number) => capacity };
  estimates = createEstimates({ ...stores, measurements, breakers, board, clock: { now: () => now } });
});
afterEach(() => stores.close());

async function addUser(name: string): Promise<string> {
  const id = randomUUID();
  await stores.users.create({ id, name, role: 'participant', passwordHash: '', now });
  return id;
}

async function addJob(fingerprint: string, userId = anna): Promise<string> {
  const id = randomUUID();
  const job = {
    id,
    userId,
    clientRequestId: null,
    title: '',
    prompt: '{}',
    workflow: null,
    fingerprint,
    expectedFiles: null,
    now,
  };
  await stores.jobs.add(job);
  return id;
}

async function send(jobId: string, userId = anna): Promise<{ jobId: string; attemptId: string }> {
  const attemptId = randomUUID();
  const plan = { folder: attemptId, saves: [], markerNodes: {} };
  await stores.jobs.dispatch({ jobId, userId, endpointId, attemptId, plan, generations: [], now });
  return { jobId, attemptId };
}

/** One job from its turn to its end. */
async function run(fingerprint: string, { start = SECOND, render = 10 * SECOND, held = 0 } = {}): Promise<void> {
  const sent = await send(await addJob(fingerprint));
  now += held;
  const answer = {
    answer: 'accepted',
    httpStatus: 200,
    plan: { folder: '', saves: [], markerNodes: {} },
    nodeErrors: null,
  } as const;
  await stores.jobs.answered({ ...sent, ...answer, now });
  now += start - held;
  await stores.jobs.start({ ...sent, now });
  now += render;
  await stores.jobs.markDelivering({ ...sent, now });
  await stores.jobs.complete({ ...sent, now, warnings: [] });
}

async function rangeOf(jobId: string, phase: Phase, fingerprint: string | null, since = now) {
  const range = (await estimates.of([{ jobId, phase, since, fingerprint, endpointId }])).get(jobId);
  return range ? [range.lowMs / SECOND, range.highMs / SECOND].map((value) => Math.round(value * 10) / 10) : null;
}

describe('estimates', () => {
  test('nothing is said before enough was measured; then as was measured for graphs like it', async () => {
    const job = await addJob('m|a');
    expect(await rangeOf(job, 'rendering', 'm|a')).toBeNull();
    for (const render of [10, 12, 11]) await run('m|a', { render: render * SECOND });
    now += 2 * SECOND;
    expect(await rangeOf(job, 'rendering', 'm|a')).toEqual([8.3, 14.4]);
    // Nothing is usual for a workflow that was never run.
    expect(await rangeOf(job, 'rendering', 'm|b')).toBeNull();
    expect(await rangeOf(job, 'sent', 'm|a')).toEqual([0.8, 1.2]);
    expect(await rangeOf(job, 'waking', 'm|a')).toBeNull();
    for (let n = 0; n < 3; n += 1) await run('m|b', { start: 120 * SECOND, held: 110 * SECOND, render: 60 * SECOND });
    now += 2 * SECOND;
    expect(await rangeOf(job, 'waking', 'm|a')).toEqual([100, 144]);
    expect(await rangeOf(job, 'rendering', 'm|b')).toEqual([50, 72]);
    expect(await rangeOf(job, 'delivering', 'm|a')).toBeNull();
  });

  test('a hundred jobs on a screen ask the database next to nothing, again and again', async () => {
    for (let n = 0; n < 3; n += 1) await run('m|a');
    const jobs = Array.from({ length: 100 }, (_, n) => ({
      jobId: `j${n}`,
      phase: 'rendering' as const,
      since: now,
      fingerprint: 'm|a',
      endpointId,
    }));
    now += 2 * SECOND;
    expect((await estimates.of(jobs)).size).toBe(100);
    const first = asked;
    expect(first).toBeLessThan(4);
    for (let n = 0; n < 20; n += 1) await estimates.of(jobs);
    expect(asked).toBe(first);
    await run('m|a');
    now += 2 * SECOND;
    await estimates.of(jobs);
    await estimates.of(jobs);
    expect(asked).toBe(first + 1);
  });

  test('rare graphs are found though many others came after', async () => {
    for (let n = 0; n < 3; n += 1) await run('m|rare', { render: 100 * SECOND });
    const { jobId } = await send(await addJob('m|often'));
    const later = (ms: number): Date => new Date(now + ms);
    await stores.db.attempt.createMany({
      data: Array.from({ length: 320 }, (_, number) => ({
        id: randomUUID(),
        jobId,
        endpointId,
        number,
        plan: '{}',
        fingerprint: 'm|often',
        sentAt: later(number),
        answeredAt: later(number),
        startedAt: later(number + SECOND),
        wholeAt: later(number + 2 * SECOND),
        endedAt: later(number + 2 * SECOND),
      })),
    });
    now += 2 * SECOND;
    expect(await rangeOf('x', 'rendering', 'm|rare')).toEqual([83.3, 120]);
  });

  test('in the queue: what flies and waits before it, counted from when it came; nothing while the queue is paused', async () => {
    for (let n = 0; n < 3; n += 1) await run('m|a', { render: 9 * SECOND });
    const ben = await addUser('Ben');
    const running = await send(await addJob('m|a', ben), ben);
    now += SECOND;
    await stores.jobs.start({ ...running, now });
    const since = now;
    const first = await addJob('m|a');
    now += 1;
    const second = await addJob('m|a');
    board.show(await stores.jobs.queue(), 'fair');
    now += 4 * SECOND;
    // A start takes 1 s and rendering 9 s, both widened by a fifth for there are few: 4 of the running one's seconds are over.
    expect(await rangeOf(first, 'waiting', 'm|a', since)).toEqual([7.5, 10.8]);
    expect(await rangeOf(second, 'waiting', 'm|a', since)).toEqual([15.8, 22.8]);
    await stores.settings.change({ dispatchPaused: true });
    now += 2 * SECOND;
    expect(await rangeOf(first, 'waiting', 'm|a', since)).toBeNull();
  });

  test('behind a job of which nothing is known, nobody is told a time', async () => {
    await send(await addJob('m|a'));
    const next = await addJob('m|a');
    board.show(await stores.jobs.queue(), 'fair');
    expect(await rangeOf(next, 'waiting', 'm|a')).toBeNull();
  });
});
