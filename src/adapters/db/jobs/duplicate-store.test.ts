import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '#src/domain/workflow/rewrite.ts';
import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { JobMoves } from '#src/ports/jobs.ts';
import { openFresh } from '../fresh-database.testing.ts';

const planOf = (id: string): Plan => ({
  folder: `comfyume/${id}`,
  saves: [{ nodeId: '9', classType: 'SaveImage', isPreview: false, dir: '0', marker: null }],
  markerNodes: {},
});

let stores: Awaited<ReturnType<typeof openFresh>>;
let duplicates: DuplicateStore;
let userId = '';
let endpointId = '';
let now = Date.parse('2026-11-30T10:00:00.000Z');
const tick = (): number => {
  now += 1000;
  return now;
};

beforeAll(async () => {
  stores = await openFresh();
  duplicates = stores.duplicates;
  userId = (await stores.users.create({ id: randomUUID(), name: 'Anna', role: 'participant', passwordHash: 'x', now }))
    .id;
  const gpu = {
    name: 'gpu',
    url: 'http://gpu.test',
    gpu: 'H200',
    pricing: 'spot',
    capacity: 4,
    apiKeyVariable: null,
  } as const;
  endpointId = (await stores.endpoints.upsert(gpu, now)).id;
});
afterAll(() => stores.close());

/** A job that was sent, and two duplicates of it. */
async function sentThrice() {
  const jobId = randomUUID();
  const attemptId = randomUUID();
  await stores.jobs.add({
    id: jobId,
    userId,
    clientRequestId: null,
    title: 'a job',
    prompt: '{}',
    workflow: null,
    fingerprint: null,
    expectedFiles: null,
    now: tick(),
  });
  await stores.jobs.dispatch({
    jobId,
    userId,
    endpointId,
    attemptId,
    plan: planOf(attemptId),
    generations: [],
    now: tick(),
  });
  const [first, second] = [randomUUID(), randomUUID()];
  for (const id of [first, second]) expect(await add({ id, jobId, attemptId })).toBe(true);
  return { jobId, attemptId, first, second };
}
const add = ({
  id,
  jobId,
  attemptId,
  replaces = null,
}: {
  id: string;
  jobId: string;
  attemptId: string;
  replaces?: string | null;
}) => duplicates.add({ id, jobId, attemptId, endpointId, plan: planOf(id), replaces, now: tick() });

const rolesOf = async (jobId: string) =>
  Object.fromEntries(
    (await stores.jobs.watched({ since: 0, jobIds: [jobId] })).map(({ attempt, role }) => [attempt.id, role]),
  );
const liveOf = async (jobId: string) =>
  (await duplicates.flights()).find((flight) => flight.jobId === jobId)?.duplicates.length;

describe('duplicates of an attempt', () => {
  test('the first to start is the attempt from then on; the others are withdrawn, the former attempt among them', async () => {
    const { jobId, attemptId, first, second } = await sentThrice();
    expect(await rolesOf(jobId)).toEqual({ [attemptId]: 'live', [first]: 'duplicate', [second]: 'duplicate' });
    await stores.jobs.answered({
      jobId,
      attemptId: second,
      answer: 'accepted',
      httpStatus: 200,
      plan: planOf(second),
      nodeErrors: null,
      now,
    });
    const startedAt = tick();
    expect(await stores.jobs.startDuplicate({ jobId, attemptId: second, now: startedAt })).toBe(true);
    expect(await rolesOf(jobId)).toEqual({ [attemptId]: 'withdrawn', [first]: 'withdrawn', [second]: 'live' });
    expect((await stores.jobs.newestAttempts([jobId])).get(jobId)).toMatchObject({
      id: second,
      number: 1,
      startedAt,
      answer: 'accepted',
      plan: planOf(second),
    });
    expect(await stores.jobs.find(jobId)).toMatchObject({ status: 'running', attemptCount: 1, startedAt });
    expect(await stores.jobs.tries(jobId)).toHaveLength(1);
    const withdrawn = (await duplicates.withdrawn(0)).filter((one) => one.jobId === jobId).map(({ id }) => id);
    expect(withdrawn.sort()).toEqual([attemptId, first].sort());
    for (const id of [attemptId, first])
      expect(await stores.jobs.start({ jobId, attemptId: id, now: tick() })).toBe(false);
    expect(await stores.jobs.startDuplicate({ jobId, attemptId: first, now: tick() })).toBe(false);
    expect((await stores.jobs.counts()).inFlightByEndpoint.get(endpointId)).toBe(1);
    expect([...(await stores.jobs.knownAttempts([attemptId, first, second]))].sort()).toEqual(
      [attemptId, first, second].sort(),
    );
    expect(await stores.jobs.markDelivering({ jobId, attemptId: second, now: tick() })).toBe(true);
    expect(await stores.jobs.complete({ jobId, attemptId: second, warnings: [], now: tick() })).toBe(true);
  });

  type Sent = Awaited<ReturnType<typeof sentThrice>>;
  const MOVES: Record<string, (jobs: JobMoves, sent: Sent) => Promise<boolean>> = {
    start: (jobs, step) => jobs.start({ ...step, now: tick() }),
    markDelivering: (jobs, step) => jobs.markDelivering({ ...step, now: tick() }),
    giveBack: (jobs, step) => jobs.giveBack({ ...step, reason: 'lost', detail: '', now: tick() }),
    undoDispatch: (jobs, step) => jobs.undoDispatch({ ...step, now: tick() }),
    fail: (jobs, step) => jobs.fail({ ...step, reason: 'lost', message: 'x', now: tick() }),
    cancel: (jobs, { jobId }) => jobs.cancel({ jobId, now: tick() }),
  };
  test.each(Object.entries(MOVES))(
    '%s withdraws them all, and none can start or be added after it',
    async (_, move) => {
      const sent = await sentThrice();
      expect(await move(stores.jobs, sent)).toBe(true);
      expect((await liveOf(sent.jobId)) ?? 0).toBe(0);
      const withdrawn = (await duplicates.withdrawn(0)).filter(({ jobId }) => jobId === sent.jobId);
      expect(withdrawn.map(({ id }) => id).sort()).toEqual([sent.first, sent.second].sort());
      expect(await stores.jobs.startDuplicate({ jobId: sent.jobId, attemptId: sent.first, now: tick() })).toBe(false);
      expect(await add({ ...sent, id: randomUUID() })).toBe(false);
      await stores.jobs.cancel({ jobId: sent.jobId, now: tick() });
    },
  );

  test('one may take the place of another', async () => {
    const { jobId, attemptId, first, second } = await sentThrice();
    const third = randomUUID();
    expect(await add({ id: third, jobId, attemptId, replaces: first })).toBe(true);
    expect(await rolesOf(jobId)).toEqual({
      [attemptId]: 'live',
      [first]: 'withdrawn',
      [second]: 'duplicate',
      [third]: 'duplicate',
    });
    await stores.jobs.cancel({ jobId, now: tick() });
  });

  test('what they cost is the time for which withdrawn ones ran; one of which no end is known runs still, for five seconds at most', async () => {
    const since = tick();
    const { jobId, first, second } = await sentThrice();
    await stores.jobs.cancel({ jobId, now: tick() });
    await duplicates.startedLate(first, now);
    await duplicates.startedLate(first, now + 5000);
    await duplicates.stopped(first, now + 700);
    await duplicates.stopped(second, now + 700);
    expect((await duplicates.figures(since, now)).get(endpointId)).toEqual({ sent: 2, wastedMs: 700 });
    await duplicates.startedLate(second, now);
    const lost = async (at: number) => (await duplicates.figures(since, at)).get(endpointId);
    expect(await lost(now + 2000)).toEqual({ sent: 2, wastedMs: 2700 });
    expect(await lost(now + 3_600_000)).toEqual({ sent: 2, wastedMs: 5700 });
    expect(await duplicates.ofJob(jobId, now + 2000)).toEqual({ sent: 2, wastedMs: 2700 });
  });

  test('requests that were under way at a restart are unknown, theirs too', async () => {
    const { jobId, attemptId, first } = await sentThrice();
    await stores.jobs.forgetRequests(tick());
    const answers = (await stores.jobs.watched({ since: 0, jobIds: [jobId] })).map(({ attempt }) => [
      attempt.id,
      attempt.answer,
    ]);
    expect(Object.fromEntries(answers)).toMatchObject({ [attemptId]: 'unknown', [first]: 'unknown' });
    await stores.jobs.cancel({ jobId, now: tick() });
  });
});
