import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cameFrom, canMove, isFinal, JOB_STATUSES, type JobStatus } from '#src/domain/jobs/job.ts';
import type { Plan } from '#src/domain/workflow/rewrite.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus, EventLog, StoredEvent } from '#src/ports/events.ts';
import type { Job, JobStore, NewJob } from '#src/ports/jobs.ts';
import type { UserStore } from '#src/ports/users.ts';

type Stores = {
  jobs: JobStore;
  users: UserStore;
  endpoints: EndpointStore;
  events: EventLog;
  bus: Bus;
  close(): Promise<void>;
};

const planOf = (attemptId: string): Plan => ({
  folder: `comfyume/${attemptId}`,
  saves: [{ nodeId: '9', classType: 'SaveImage', isPreview: false, dir: '0', marker: '_finished0' }],
  markerNodes: { _finished0: 'comfyume_finished0' },
});

/** As the time from which on: nothing that has ended is watched. */
const FAR_FUTURE = Date.parse('2200-01-01');

/** What every store of jobs has to do, whatever the database. */
export function jobStoreContract(open: () => Promise<Stores>): void {
  let stores: Stores;
  let anna = '';
  let ben = '';
  let endpointId = '';
  let clock = Date.parse('2026-11-23T10:00:00.000Z');
  const tick = (): number => {
    clock += 1000;
    return clock;
  };
  const stored: StoredEvent[] = [];

  const newUser = async (name: string): Promise<string> =>
    (await stores.users.create({ id: randomUUID(), name, role: 'participant', passwordHash: 'x', now: tick() })).id;

  beforeAll(async () => {
    stores = await open();
    anna = await newUser('Anna');
    ben = await newUser('Ben');
    const gpu = {
      name: 'gpu',
      url: 'http://gpu.test',
      gpu: 'H200',
      pricing: 'spot',
      capacity: 4,
      apiKeyVariable: null,
    } as const;
    endpointId = (await stores.endpoints.upsert(gpu, tick())).id;
    stores.bus.listen((signal) => {
      if (signal.type === 'stored') stored.push(signal.event);
    });
  });
  afterAll(() => stores.close());

  const newJob = (over: Partial<NewJob> = {}): NewJob => ({
    id: randomUUID(),
    userId: anna,
    clientRequestId: null,
    title: 'a job',
    prompt: '{"9":{}}',
    workflow: null,
    fingerprint: null,
    expectedFiles: null,
    now: tick(),
    ...over,
  });
  const add = async (over: Partial<NewJob> = {}): Promise<Job> => (await stores.jobs.add(newJob(over))).job;
  const find = async (jobId: string): Promise<Job> => {
    const job = await stores.jobs.find(jobId);
    if (!job) throw new Error(`no job ${jobId}`);
    return job;
  };
  const dispatch = async (job: Job, attemptId = randomUUID()): Promise<{ won: boolean; attemptId: string }> => {
    const won = await stores.jobs.dispatch({
      jobId: job.id,
      userId: job.userId,
      endpointId,
      attemptId,
      plan: planOf(attemptId),
      generations: [],
      now: tick(),
    });
    return { won: won !== null, attemptId };
  };
  const everything = async (jobId: string) => ({
    job: await stores.jobs.find(jobId),
    attempt: (await stores.jobs.newestAttempts([jobId])).get(jobId),
    inFlight: (await stores.jobs.watched({ since: FAR_FUTURE })).filter(({ job }) => job.id === jobId),
    counts: await stores.jobs.counts(),
    line: await stores.jobs.queue(),
    newestEvent: await stores.events.newestId(),
    announced: stored.length,
  });

  /** `attemptId` is null as long as there is none. */
  type At = { jobId: string; attemptId: string | null; now: number };
  const ofAttempt = (at: At) => ({ ...at, attemptId: at.attemptId ?? randomUUID() });
  const moves: Record<string, { to: JobStatus; make: (at: At) => Promise<boolean> }> = {
    dispatch: {
      to: 'dispatched',
      make: async ({ jobId, now }) =>
        (await stores.jobs.dispatch({
          jobId,
          userId: anna,
          endpointId,
          attemptId: randomUUID(),
          plan: planOf('b'),
          generations: [],
          now,
        })) !== null,
    },
    start: { to: 'running', make: (at) => stores.jobs.start(ofAttempt(at)) },
    markDelivering: { to: 'delivering', make: (at) => stores.jobs.markDelivering(ofAttempt(at)) },
    complete: { to: 'completed', make: (at) => stores.jobs.complete({ ...ofAttempt(at), warnings: [] }) },
    giveBack: {
      to: 'queued',
      make: (at) => stores.jobs.giveBack({ ...ofAttempt(at), reason: 'lost', detail: 'gone' }),
    },
    fail: {
      to: 'failed',
      make: (at) => stores.jobs.fail({ ...at, reason: 'incomplete', message: 'Some of the files never came.' }),
    },
    cancel: { to: 'cancelled', make: ({ jobId, now }) => stores.jobs.cancel({ jobId, now }) },
  };

  /** A job that has got to `status` in the ordinary way. */
  async function jobAt(status: JobStatus): Promise<At> {
    const job = await add();
    const attemptId = status === 'queued' ? null : (await dispatch(job)).attemptId;
    const at = { jobId: job.id, attemptId, now: tick() };
    const way = {
      queued: [],
      dispatched: [],
      running: ['start'],
      delivering: ['start', 'markDelivering'],
      completed: ['start', 'markDelivering', 'complete'],
      failed: ['fail'],
      cancelled: ['cancel'],
    };
    for (const name of way[status]) expect(await moves[name]?.make(at), name).toBe(true);
    expect((await find(job.id)).status).toBe(status);
    return at;
  }

  describe('moves', () => {
    const pairs = JOB_STATUSES.flatMap((from) => Object.keys(moves).map((name) => [from, name] as const));
    test.each(pairs)('from %s: %s', async (from, name) => {
      const move = moves[name];
      if (!move) throw new Error(name);
      const at = await jobAt(from);
      const before = await everything(at.jobId);
      const moved = await move.make({ ...at, now: tick() });
      const after = await everything(at.jobId);
      // Out of the queue, only an attempt that had been given up can arrive; this job has had none. What is completed was delivering, if only in passing.
      const arrives = move.to === 'delivering' || move.to === 'completed';
      const may = canMove(from, move.to) || (move.to === 'completed' && canMove(from, 'delivering'));
      expect(moved).toBe(may && !(from === 'queued' && arrives));
      if (!moved) {
        expect(after).toEqual(before);
        return;
      }
      expect(after.job?.status).toBe(move.to);
      expect(after.announced).toBe(before.announced + 1);
      expect(stored.at(-1)).toEqual({ id: after.newestEvent, userId: anna, type: 'job.updated', jobId: at.jobId });
      expect(after.newestEvent).toBeGreaterThan(before.newestEvent);
      expect(after.job?.endedAt === null).toBe(!isFinal(move.to));
      expect(after.inFlight.length).toBe(['dispatched', 'running', 'delivering'].includes(move.to) ? 1 : 0);
      expect(after.line.waiting.some(({ jobId }) => jobId === at.jobId)).toBe(move.to === 'queued');
    });

    test('an endpoint that has just been removed gets no job', async () => {
      const { id: jobId, userId } = await add();
      const before = await everything(jobId);
      const attemptId = randomUUID();
      const plan = planOf(attemptId);
      const gone = { jobId, userId, endpointId: randomUUID(), attemptId, plan, generations: [], now: tick() };
      expect(await stores.jobs.dispatch(gone)).toBeNull();
      expect(await everything(jobId)).toEqual(before);
      await stores.jobs.cancel({ jobId, now: tick() });
    });

    test('a job that there is not can be moved nowhere', async () => {
      for (const [name, { make }] of Object.entries(moves))
        expect(await make({ jobId: randomUUID(), attemptId: randomUUID(), now: tick() }), name).toBe(false);
    });

    test.each(['start', 'giveBack', 'fail'])(
      '%s of an attempt that was given up does nothing to the one that followed',
      async (name) => {
        const job = await add();
        const first = await dispatch(job);
        await stores.jobs.giveBack({
          jobId: job.id,
          attemptId: first.attemptId,
          reason: 'never_started',
          detail: '',
          now: tick(),
        });
        const second = await dispatch(job);
        expect(second.won).toBe(true);
        const before = await everything(job.id);
        expect(before.attempt?.id).toBe(second.attemptId);
        expect(await moves[name]?.make({ jobId: job.id, attemptId: first.attemptId, now: tick() })).toBe(false);
        expect(await everything(job.id)).toEqual(before);
      },
    );

    test('an attempt that was given up and comes through after all gives the results; the one that followed is superseded', async () => {
      const job = await add();
      const first = await dispatch(job);
      const { attemptId } = first;
      const giveUp = { jobId: job.id, attemptId, reason: 'lost', detail: '', now: tick() } as const;
      expect(await stores.jobs.giveBack(giveUp)).toBe(true);
      const second = await dispatch(job);
      const roles = async () =>
        (await stores.jobs.watched({ since: 0 }))
          .filter((watched) => watched.job.id === job.id)
          .map(({ attempt, role }) => [attempt.id, role])
          .sort();
      expect(await roles()).toEqual(
        [
          [attemptId, 'superseded'],
          [second.attemptId, 'live'],
        ].sort(),
      );
      expect(await stores.jobs.markDelivering({ jobId: job.id, attemptId, now: tick() })).toBe(true);
      expect(
        await stores.jobs.complete({ jobId: job.id, attemptId: second.attemptId, now: tick(), warnings: [] }),
      ).toBe(false);
      expect(await stores.jobs.complete({ jobId: job.id, attemptId, now: tick(), warnings: [] })).toBe(true);
      expect(await find(job.id)).toMatchObject({ status: 'completed', attemptCount: 2, reason: null });
      expect(await roles()).toEqual([[attemptId, 'late']]);
    });

    test('those whose job has ended too are read only when they ended recently; those whose job goes on are read always', async () => {
      const done = await jobAt('completed');
      const given = await jobAt('running');
      const giveUp = { jobId: given.jobId, attemptId: given.attemptId ?? '', reason: 'lost', detail: '' } as const;
      expect(await stores.jobs.giveBack({ ...giveUp, now: tick() })).toBe(true);
      const seen = async (since: number, lateSince?: number) =>
        (await stores.jobs.watched({ since, ...(lateSince !== undefined && { lateSince }) }))
          .filter(({ job }) => job.id === done.jobId || job.id === given.jobId)
          .map(({ role }) => role)
          .sort();
      expect(await seen(0)).toEqual(['late', 'superseded']);
      expect(await seen(0, clock - 60_000)).toEqual(['late', 'superseded']);
      expect(await seen(0, clock)).toEqual(['superseded']);
      expect(await seen(clock, clock)).toEqual([]);
    });

    test('what holds a job up is told once, and forgotten when it is done', async () => {
      const at = await jobAt('delivering');
      const stall = { jobId: at.jobId, reason: 'storage_full', message: 'No room.', now: tick() } as const;
      const before = stored.length;
      await stores.jobs.stall(stall);
      await stores.jobs.stall(stall);
      expect(stored.length).toBe(before + 1);
      expect(await find(at.jobId)).toMatchObject({ status: 'delivering', reason: 'storage_full', message: 'No room.' });
      expect(await moves.complete?.make({ ...at, now: tick() })).toBe(true);
      expect(await find(at.jobId)).toMatchObject({ status: 'completed', reason: null, message: null });
      await stores.jobs.stall(stall);
      expect(await find(at.jobId)).toMatchObject({ status: 'completed', reason: null });
    });

    test('what is written at each step', async () => {
      const job = await add();
      const { attemptId } = await dispatch(job);
      expect(await find(job.id)).toMatchObject({ attemptCount: 1, startedAt: null, endedAt: null, reason: null });
      const at = { jobId: job.id, attemptId };
      const plan = { ...planOf(attemptId), saves: [] };
      const nodeErrors = {
        '5': {
          class_type: 'SaveImage',
          dependent_outputs: ['5'],
          errors: [{ type: 't', message: 'm', details: 'd', extra_info: { a: [1] } }],
        },
      };
      await stores.jobs.answered({ ...at, answer: 'accepted', httpStatus: 200, plan, nodeErrors, now: clock + 1 });
      await stores.jobs.answered({
        ...at,
        answer: 'unknown',
        httpStatus: 504,
        plan: planOf('later'),
        nodeErrors: null,
        now: clock + 2,
      });
      await stores.jobs.start({ ...at, now: clock + 3 });
      await stores.jobs.markDelivering({ ...at, now: clock + 4 });
      expect((await stores.jobs.newestAttempts([job.id])).get(job.id)).toEqual({
        id: attemptId,
        jobId: job.id,
        endpointId,
        number: 1,
        plan,
        sentAt: clock,
        answer: 'accepted',
        httpStatus: 200,
        answeredAt: clock + 1,
        startedAt: clock + 3,
        wholeAt: clock + 4,
      });
      await stores.jobs.complete({ ...at, now: clock + 5, warnings: [] });
      expect(await find(job.id)).toMatchObject({
        status: 'completed',
        nodeErrors,
        startedAt: clock + 3,
        endedAt: clock + 5,
        reason: null,
      });
      const cancelled = await find((await jobAt('cancelled')).jobId);
      expect(cancelled).toMatchObject({ reason: 'cancelled', message: 'Cancelled.' });
      const failed = await find((await jobAt('failed')).jobId);
      expect(failed).toMatchObject({ reason: 'incomplete', message: 'Some of the files never came.' });
    });

    test('a job that was requeued waits where it waited, as one that has not begun', async () => {
      const job = await add();
      const { attemptId } = await dispatch(job);
      await stores.jobs.start({ jobId: job.id, attemptId, now: tick() });
      await stores.jobs.giveBack({ jobId: job.id, attemptId, reason: 'lost', detail: '', now: tick() });
      expect(await find(job.id)).toEqual({ ...job, attemptCount: 1 });
      const again = await dispatch(job);
      expect((await stores.jobs.newestAttempts([job.id])).get(job.id)).toMatchObject({
        id: again.attemptId,
        number: 2,
      });
    });

    const undo = (at: At) => stores.jobs.undoDispatch({ ...ofAttempt(at), now: tick() });

    test('a job that no worker took waits as though it had never been sent', async () => {
      const earlier = await dispatch(await add());
      const job = await add();
      const before = await everything(job.id);
      const { attemptId } = await dispatch(job);
      expect(await undo({ jobId: job.id, attemptId, now: clock })).toBe(true);
      const after = await everything(job.id);
      expect(after).toEqual({ ...before, newestEvent: after.newestEvent, announced: before.announced + 2 });
      expect(await stores.jobs.tries(job.id)).toEqual([]);
      expect([...(await stores.jobs.knownAttempts([attemptId, earlier.attemptId]))]).toEqual([earlier.attemptId]);
      expect(await undo({ jobId: job.id, attemptId, now: clock })).toBe(false);
    });

    test('what was tried before is kept', async () => {
      const job = await add();
      const first = await dispatch(job);
      const at = { jobId: job.id, attemptId: first.attemptId };
      await stores.jobs.giveBack({ ...at, reason: 'lost', detail: '', now: tick() });
      const second = await dispatch(job);
      expect(await undo({ jobId: job.id, attemptId: first.attemptId, now: clock })).toBe(false);
      expect(await undo({ jobId: job.id, attemptId: second.attemptId, now: clock })).toBe(true);
      expect(await find(job.id)).toEqual({ ...job, attemptCount: 1 });
      expect(await stores.jobs.tries(job.id)).toMatchObject([{ outcome: 'lost' }]);
    });

    test.each(JOB_STATUSES.filter((status) => status !== 'dispatched'))('not from %s', async (status) => {
      const at = await jobAt(status);
      const before = await everything(at.jobId);
      expect(await undo(at)).toBe(false);
      expect(await everything(at.jobId)).toEqual(before);
    });

    test('an answer after the end of its attempt is not stored', async () => {
      const { jobId, attemptId } = await jobAt('cancelled');
      const before = await everything(jobId);
      await stores.jobs.answered({
        jobId,
        attemptId: attemptId ?? '',
        answer: 'accepted',
        httpStatus: 200,
        plan: planOf('x'),
        nodeErrors: null,
        now: tick(),
      });
      expect(await everything(jobId)).toEqual(before);
    });
  });

  describe('attempts', () => {
    const now = () => clock;
    const triesOf = (jobId: string) => stores.jobs.tries(jobId);

    test('the tries of a job, oldest first, each with how it ended; of no other job', async () => {
      const job = await add();
      expect(await triesOf(job.id)).toEqual([]);
      const outcomes = ['lost', 'endpoint_unreachable', 'never_started'] as const;
      const expected: { sentAt: number; outcome: string | null }[] = [];
      for (const outcome of outcomes) {
        const { attemptId } = await dispatch(job);
        expected.push({ sentAt: now(), outcome });
        expect((await triesOf(job.id)).at(-1)).toEqual({ sentAt: now(), outcome: null });
        await stores.jobs.giveBack({ jobId: job.id, attemptId, reason: outcome, detail: '', now: tick() });
      }
      await dispatch(await add());
      expect(await triesOf(job.id)).toEqual(expected);
      await dispatch(job);
      expect(await triesOf(job.id)).toEqual([...expected, { sentAt: now(), outcome: null }]);
      await stores.jobs.cancel({ jobId: job.id, now: tick() });
      expect((await triesOf(job.id)).at(-1)?.outcome).toBe('cancelled');
      expect(await triesOf(randomUUID())).toEqual([]);
    });

    test('requests that nobody waits for any more are unknown; what was answered or has ended stays as it is', async () => {
      const silent = await jobAt('dispatched');
      const answered = await jobAt('running');
      const ended = await jobAt('cancelled');
      await stores.jobs.answered({
        ...ofAttempt(answered),
        answer: 'accepted',
        httpStatus: 200,
        plan: planOf(answered.attemptId ?? ''),
        nodeErrors: null,
        now: tick(),
      });
      const of = async ({ jobId }: At) => (await stores.jobs.newestAttempts([jobId])).get(jobId);
      const before = { silent: await of(silent), answered: await of(answered), ended: await of(ended) };
      const forgotAt = tick();
      await stores.jobs.forgetRequests(forgotAt);
      expect(await of(silent)).toEqual({ ...before.silent, answer: 'unknown', answeredAt: forgotAt });
      expect(await of(answered)).toEqual(before.answered);
      expect(await of(ended)).toEqual(before.ended);
      expect(await find(silent.jobId)).toMatchObject({ status: 'dispatched', attemptCount: 1 });
      await stores.jobs.forgetRequests(tick());
      expect((await of(silent))?.answeredAt).toBe(forgotAt);
      // The attempt goes on: the share may tell of it still.
      expect(await stores.jobs.start(ofAttempt({ ...silent, now: tick() }))).toBe(true);
    });

    test('those that may run on though they have ended: cancelled, given up, timed out, overtaken; none of old', async () => {
      const since = tick();
      const of = async (jobId: string) =>
        (await stores.jobs.leftRunning(since)).filter((attempt) => attempt.jobId === jobId).map(({ id }) => id);
      for (const status of JOB_STATUSES) {
        const { jobId, attemptId } = await jobAt(status);
        expect(await of(jobId), status).toEqual(status === 'cancelled' ? [attemptId] : []);
      }
      const late = await jobAt('running');
      await stores.jobs.fail({ ...ofAttempt(late), reason: 'timed_out', message: '', now: tick() });
      expect(await of(late.jobId)).toEqual([late.attemptId]);
      const lost = await jobAt('running');
      await stores.jobs.giveBack({ ...ofAttempt(lost), reason: 'lost', detail: '', now: tick() });
      expect(await of(lost.jobId)).toEqual([lost.attemptId]);
      const second = await dispatch(await find(lost.jobId));
      await stores.jobs.markDelivering({ ...ofAttempt(lost), now: tick() });
      expect(await of(lost.jobId)).toEqual([second.attemptId]);
      expect(await stores.jobs.leftRunning(now())).toEqual([]);
    });
  });

  describe('races', () => {
    test('of twenty that dispatch one job, one wins', async () => {
      const job = await add();
      const racers = await Promise.all(Array.from({ length: 20 }, () => dispatch(job)));
      const winners = racers.filter(({ won }) => won);
      expect(winners).toHaveLength(1);
      expect(await find(job.id)).toMatchObject({ status: 'dispatched', attemptCount: 1 });
      expect(
        (await stores.jobs.watched({ since: FAR_FUTURE }))
          .filter((flight) => flight.job.id === job.id)
          .map(({ attempt }) => attempt.id),
      ).toEqual([winners[0]?.attemptId]);
    });

    test.each(JOB_STATUSES.filter((status) => !isFinal(status)))(
      'of twenty that end a job that is %s, one wins',
      async (status) => {
        const at = await jobAt(status);
        const ends = [...(status === 'delivering' ? ['complete'] : []), 'fail', 'cancel'];
        const before = await everything(at.jobId);
        const won = await Promise.all(
          Array.from({ length: 20 }, (_, n) => moves[ends[n % ends.length] ?? '']?.make({ ...at, now: tick() })),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        const after = await everything(at.jobId);
        expect(isFinal(after.job?.status ?? 'queued')).toBe(true);
        expect(after.announced).toBe(before.announced + 1);
      },
    );
  });

  describe('adding', () => {
    test('gives what was stored, and the graph apart', async () => {
      const job = newJob({
        title: 'Straße 🌧',
        clientRequestId: 'r-1',
        prompt: '{"9":{"text":"ü\\u0000"}}',
        workflow: '{"nodes":[]}',
        fingerprint: 'like others',
        workflowId: 'w1',
        expectedFiles: 3,
        promptSnippet: 'a street in the rain',
        rejectedBy: ['e1', 'e2'],
      });
      const { job: made, isNew } = await stores.jobs.add(job);
      expect(isNew).toBe(true);
      expect(made).toEqual({
        id: job.id,
        userId: anna,
        title: 'Straße 🌧',
        status: 'queued',
        reason: null,
        message: null,
        nodeErrors: null,
        fingerprint: 'like others',
        workflowId: 'w1',
        expectedFiles: 3,
        priority: 0,
        attemptCount: 0,
        createdAt: job.now,
        queuedAt: job.now,
        startedAt: null,
        endedAt: null,
        warmUp: false,
        warnings: [],
        familyId: job.id,
        changes: null,
        promptSnippet: 'a street in the rain',
        inputId: null,
        rejectedBy: ['e1', 'e2'],
      });
      expect(await stores.jobs.find(job.id)).toEqual(made);
      expect(await stores.jobs.graph(job.id)).toEqual({ prompt: job.prompt, workflow: job.workflow });
      expect(await stores.jobs.graph(randomUUID())).toBeNull();
    });

    test('a version belongs to the family of the first', async () => {
      const first = await add({});
      const version = { madeFromId: first.id, familyId: first.id, changes: 'Seed 7' };
      const second = await add({ version });
      const third = await add({ version: { ...version, madeFromId: second.id, changes: null } });
      await add({});
      expect(await find(second.id)).toMatchObject({ familyId: first.id, changes: 'Seed 7' });
      const ids = async (limit: number) => (await stores.jobs.family(first.id, limit)).map(({ id }) => id);
      expect(await ids(10)).toEqual([third.id, second.id, first.id]);
      expect(await ids(2)).toEqual([third.id, second.id]);
    });

    test('the same request again gives the same job, also when it has ended', async () => {
      const first = await add({ clientRequestId: 'again' });
      await stores.jobs.cancel({ jobId: first.id, now: tick() });
      const before = await stores.events.newestId();
      const second = await stores.jobs.add(newJob({ clientRequestId: 'again', title: 'another' }));
      expect(second).toEqual({ job: await find(first.id), isNew: false });
      expect(await stores.events.newestId()).toBe(before);
      const bens = await stores.jobs.add(newJob({ clientRequestId: 'again', userId: ben }));
      expect(bens.isNew).toBe(true);
      expect(bens.job.id).not.toBe(first.id);
    });

    test('the same request raced twenty times makes one job', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => stores.jobs.add(newJob({ clientRequestId: 'raced' }))),
      );
      expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
      const { items } = await stores.jobs.list({ userId: anna, statuses: null, limit: 200, cursor: null });
      expect(items.filter(({ id }) => id === answers[0]?.job.id)).toHaveLength(1);
    });

    test('without a request id every call makes a job', async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => stores.jobs.add(newJob())));
      expect(new Set(answers.map(({ job }) => job.id)).size).toBe(5);
    });

    test('three hundred at once: each gets its own answer, and one event each', async () => {
      const jobs = Array.from({ length: 300 }, (_, n) =>
        newJob({
          title: `job ${n}`,
          userId: n % 2 === 0 ? anna : ben,
          clientRequestId: n % 3 === 0 ? `many ${n}` : null,
        }),
      );
      const from = stored.length;
      const answers = await Promise.all(jobs.map((job) => stores.jobs.add(job)));
      expect(answers.map(({ job }) => [job.id, job.title, job.userId])).toEqual(
        jobs.map((job) => [job.id, job.title, job.userId]),
      );
      const events = stored.slice(from);
      expect(events.map(({ jobId }) => jobId).sort()).toEqual(jobs.map(({ id }) => id).sort());
      const owner = new Map(jobs.map(({ id, userId }) => [id, userId]));
      for (const event of events) expect(event.userId).toBe(owner.get(event.jobId));
      expect((await stores.jobs.graph(jobs[299]?.id ?? ''))?.prompt).toBe(jobs[299]?.prompt);
    });

    test('one that cannot be stored does not spoil the others that came with it', async () => {
      const jobs = Array.from({ length: 30 }, (_, n) => newJob({ userId: n === 7 ? randomUUID() : anna }));
      const answers = await Promise.allSettled(jobs.map((job) => stores.jobs.add(job)));
      expect(answers.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
      for (const [n, job] of jobs.entries()) expect((await stores.jobs.find(job.id)) !== null, String(n)).toBe(n !== 7);
    });
  });

  describe('announcing', () => {
    test('what is heard is stored already', async () => {
      const seen: Promise<boolean>[] = [];
      const unlisten = stores.bus.listen((signal) => {
        if (signal.type !== 'stored') return;
        const { id, jobId } = signal.event;
        seen.push(
          Promise.all([stores.events.since({ afterId: id - 1, userId: null, limit: 1 }), stores.jobs.find(jobId)]).then(
            ([[event], job]) => event?.id === id && job !== null,
          ),
        );
      });
      await Promise.all([jobAt('completed'), jobAt('cancelled'), jobAt('failed')]);
      unlisten();
      expect(seen.length).toBeGreaterThan(8);
      expect(await Promise.all(seen)).not.toContain(false);
    });

    test('in the order of their ids, however much happens at once', async () => {
      const from = stored.length;
      await Promise.all(
        Array.from({ length: 40 }, async () => {
          const at = await jobAt('queued');
          await dispatch(await find(at.jobId));
          await stores.jobs.cancel({ jobId: at.jobId, now: tick() });
        }),
      );
      const ids = stored.slice(from).map(({ id }) => id);
      expect(ids).toHaveLength(120);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    });
  });

  describe('looking', () => {
    test('line and counts agree with what is there', async () => {
      await Promise.all([
        jobAt('queued'),
        jobAt('dispatched'),
        jobAt('running'),
        jobAt('delivering'),
        jobAt('completed'),
      ]);
      const { items } = await stores.jobs.list({ userId: null, statuses: null, limit: 10_000, cursor: null });
      const queued = items.filter(({ status }) => status === 'queued');
      const flying = items.filter(({ status }) => ['dispatched', 'running', 'delivering'].includes(status));
      const line = await stores.jobs.queue();
      expect(line.waiting.map(({ jobId }) => jobId).sort()).toEqual(queued.map(({ id }) => id).sort());
      const one = queued[0];
      expect(line.waiting.find(({ jobId }) => jobId === one?.id)).toEqual({
        avoid: [],
        rejectedBy: [],
        only: null,
        cap: null,
        jobId: one?.id,
        userId: one?.userId,
        priority: 0,
        queuedAt: one?.queuedAt,
      });
      expect(line.inFlight).toHaveLength(flying.length);
      const { waiting, ...occupied } = line;
      expect(await stores.jobs.occupancy()).toEqual({ ...occupied, caps: new Map() });
      const some = [waiting[0], waiting.at(-1)].flatMap((job) => job ?? []);
      const asked = [...some, ...flying.map(({ id }) => ({ jobId: id }))].map(({ jobId }) => jobId);
      expect(new Set(await stores.jobs.waiting(asked))).toEqual(new Set(some));
      expect(await stores.jobs.waiting([])).toEqual([]);
      expect(line.inFlight).toContainEqual({ userId: anna, endpointId });
      expect(await stores.jobs.counts()).toEqual({
        waiting: queued.length,
        inFlight: flying.length,
        inFlightByEndpoint: new Map([[endpointId, flying.length]]),
      });
      const inFlight = await stores.jobs.watched({ since: FAR_FUTURE });
      expect(inFlight.map(({ job }) => job.id).sort()).toEqual(flying.map(({ id }) => id).sort());
      for (const { job, attempt, ownerFolder } of inFlight) {
        expect(attempt.jobId).toBe(job.id);
        expect(ownerFolder).toBe(job.userId === anna ? 'Anna' : 'Ben');
      }
    });

    test('whoever is served later has the later time, in one millisecond and with a clock set back too', async () => {
      const now = clock + 60_000;
      const served: string[] = [];
      for (const [name, at] of [
        ['Cara', now],
        ['Dora', now],
        ['Edda', now - 30_000],
        ['Cara', now - 40_000],
      ] as const) {
        const userId = (await stores.users.byName(name))?.id ?? (await newUser(name));
        const job = await add({ userId });
        const attemptId = randomUUID();
        await stores.jobs.dispatch({
          jobId: job.id,
          userId,
          endpointId,
          attemptId,
          plan: planOf(attemptId),
          generations: [],
          now: at,
        });
        served.push(userId);
      }
      const { lastServed } = await stores.jobs.queue();
      const [, dora, edda, cara] = served.map((userId) => lastServed.get(userId) ?? 0);
      expect(dora).toBeLessThan(edda ?? 0);
      expect(edda).toBeLessThan(cara ?? 0);
    });

    test('pages have no gap and no repeat while jobs come in between', async () => {
      const reader = await newUser('Reader');
      const now = tick();
      const present = await Promise.all(
        Array.from({ length: 57 }, (_, n) => add({ userId: reader, now: now + Math.floor(n / 20) })),
      );
      const read: Job[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<JobStore['list']>> = await stores.jobs.list({
          userId: reader,
          statuses: null,
          limit: 10,
          cursor,
        });
        expect(page.items.length).toBeLessThanOrEqual(10);
        read.push(...page.items);
        cursor = page.nextCursor;
        await Promise.all([add({ userId: reader, now: tick() }), add({ userId: ben })]);
      } while (cursor !== null);
      const ids = read.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(
        present.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id),
      );
    });

    test('lists by status, and everybody’s', async () => {
      const { items: ended } = await stores.jobs.list({
        userId: anna,
        statuses: ['completed', 'failed'],
        limit: 1000,
        cursor: null,
      });
      expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['completed', 'failed']));
      expect(ended.every(({ userId }) => userId === anna)).toBe(true);
      const { items: all } = await stores.jobs.list({ userId: null, statuses: null, limit: 1000, cursor: null });
      expect(new Set(all.map(({ userId }) => userId)).size).toBeGreaterThan(2);
      const exactly = await stores.jobs.list({
        userId: anna,
        statuses: ['completed', 'failed'],
        limit: ended.length,
        cursor: null,
      });
      expect(exactly.nextCursor).toBeNull();
    });

    test('lists those that were made from one workflow', async () => {
      const first = await add({ workflowId: 'of-one' });
      await add({ workflowId: 'of-another' });
      await add({ workflowId: 'of-one', userId: ben });
      const { items } = await stores.jobs.list({
        userId: anna,
        statuses: null,
        workflowId: 'of-one',
        limit: 10,
        cursor: null,
      });
      expect(items.map(({ id }) => id)).toEqual([first.id]);
    });

    test('finds words of a title, whatever their case', async () => {
      const first = await add({ title: 'Night Ferry' });
      await add({ title: 'Dawn' });
      await add({ title: 'Night Ferry', userId: ben });
      const { items } = await stores.jobs.list({
        userId: anna,
        statuses: null,
        words: 'ht fer',
        limit: 10,
        cursor: null,
      });
      expect(items.map(({ id }) => id)).toEqual([first.id]);
    });

    test('endpoints that rejected the graph before are avoided', async () => {
      const job = await add({ rejectedBy: ['e1'] });
      const { waiting } = await stores.jobs.queue();
      expect(waiting.find(({ jobId }) => jobId === job.id)?.rejectedBy).toEqual(['e1']);
    });

    test.each(['', 'x', '1', '1.', '99999999999999999.a', "1.'; DROP TABLE"])(
      'refuses the made-up cursor %j',
      async (cursor) => {
        await expect(stores.jobs.list({ userId: anna, statuses: null, limit: 1, cursor })).rejects.toMatchObject({
          code: 'invalid_input',
        });
      },
    );

    test('every status but the first is reached from somewhere', () => {
      for (const { to } of Object.values(moves)) expect(cameFrom(to).length).toBeGreaterThan(0);
    });
  });
}
