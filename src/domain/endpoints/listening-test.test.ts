import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectionSteps, type ListeningReport, listeningVerdict, type TinyJob, waitFor } from './listening-test.ts';

const MIN = 60_000;
const done = (tookMs: number, isHeard = false): TinyJob => ({ type: 'done', tookMs, isHeard });
type On = NonNullable<ListeningReport['on']>;
const on = (job: TinyJob, over: Partial<On> = {}): On => ({
  job,
  connections: 3,
  isRefused: false,
  newReplicas: null,
  ...over,
});
const off = (job: TinyJob = done(1200), startMs: number | null = null) => ({ job, startMs });
const refused = { isRefused: true, connections: 0 };

test.each<[string, ListeningReport, string, string | null, string, 'on' | 'off' | null]>([
  [
    'it works',
    { off: off(), on: on(done(1100, true)) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; the job was done after 1.1 s, and was heard.',
    'Jobs start, and live progress works.',
    'on',
  ],
  [
    'a cold endpoint',
    { off: off(done(900), 4 * MIN), on: on(done(1100, true), { connections: 1 }) },
    'Off: a GPU started first, which took about 4 min; then the job was done after 0.9 s.',
    'On: 1 WebSocket opened; the job was done after 1.1 s, and was heard.',
    'Jobs start, and live progress works.',
    'on',
  ],
  [
    'WebSockets are refused',
    { off: off(), on: on(done(1100), refused) },
    'Off: the job was done after 1.2 s.',
    'On: WebSockets are refused; the job was done after 1.1 s. Nothing was heard.',
    'Jobs run, but live progress cannot work here.',
    'off',
  ],
  [
    'some are refused',
    { off: off(), on: on(done(1100, true), { isRefused: true, connections: 2 }) },
    'Off: the job was done after 1.2 s.',
    'On: 2 WebSockets opened, the next was refused; the job was done after 1.1 s, and was heard.',
    'Jobs start, and live progress works.',
    'on',
  ],
  [
    'WebSockets pass, and nothing comes',
    { off: off(), on: on(done(1100)) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; the job was done after 1.1 s. Nothing was heard.',
    'Jobs run, but nothing is heard of them here: live progress has no effect.',
    'off',
  ],
  [
    'WebSockets take the place of jobs',
    { off: off(), on: on({ type: 'not_started', afterMs: 30_000 }) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; no job started within 30 s.',
    'With live progress on, jobs do not start: its WebSockets take the place of jobs.',
    'off',
  ],
  [
    'the job needs another GPU',
    { off: off(), on: on(done(25_000, true)) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; the job was done after 25 s, and was heard.',
    'The job had to wait although a GPU was ready: WebSockets take the place of jobs.',
    'off',
  ],
  [
    'a share that shows files late is no reason',
    { off: off(done(12_000), 20_000), on: on(done(15_000, true)) },
    'Off: a GPU started first, which took 20 s; then the job was done after 12 s.',
    'On: 3 WebSockets opened; the job was done after 15 s, and was heard.',
    'Jobs start, and live progress works.',
    'on',
  ],
  [
    'WebSockets start GPUs',
    { off: off(), on: on(done(1100, true), { newReplicas: 2 }) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; the job was done after 1.1 s, and was heard. 2 more replicas came up meanwhile.',
    'Its WebSockets start GPUs that no job needs. Live progress costs money here.',
    'off',
  ],
  [
    'no replica starts in time',
    { off: off({ type: 'not_started', afterMs: 10 * MIN }), on: null },
    'Off: no job started within about 10 min.',
    null,
    'Jobs do not run here without live progress either, so it was not tried. Check the endpoint first.',
    null,
  ],
  [
    'it is not accepted',
    { off: off({ type: 'not_taken', message: 'Room 1 cannot be reached: ECONNREFUSED' }), on: null },
    'Off: the job was not accepted: Room 1 cannot be reached: ECONNREFUSED.',
    null,
    'Jobs do not run here without live progress either, so it was not tried. Check the endpoint first.',
    null,
  ],
  [
    'the second one fails',
    { off: off(), on: on({ type: 'failed', message: 'No space left on device' }) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; the job failed: No space left on device.',
    'The second job did not run, so the test does not tell. Try again.',
    null,
  ],
  [
    'the second one writes elsewhere',
    { off: off(), on: on({ type: 'no_file', afterMs: 30_000 }) },
    'Off: the job was done after 1.2 s.',
    'On: 3 WebSockets opened; the job started, but its file did not arrive within 30 s.',
    'The second job did not run, so the test does not tell. Try again.',
    null,
  ],
])('%s', (_, report, withoutIt, withIt, advice, set) => {
  expect(listeningVerdict(report)).toEqual({ off: withoutIt, on: withIt, advice, set });
});

describe('bounds', () => {
  test.each([
    [10 * MIN, null, 10 * MIN],
    [240 * MIN, null, 30 * MIN],
    [10 * MIN, 1000, 30_000],
    [10 * MIN, 20_000, MIN],
    [10 * MIN, 9 * MIN, 10 * MIN],
    [2000, 1000, 2000],
  ])('with %i ms for a start, and %j ms for a job, a half waits %i ms', (budget, took, ms) => {
    expect(waitFor(budget, took)).toBe(ms);
  });

  test.each([
    [1, [1, 2, 3]],
    [4, [4, 8, 12]],
    [8, [8, 16]],
    [1000, [16]],
  ])('a capacity of %i: %j connections', (capacity, steps) => {
    expect(connectionSteps(capacity)).toEqual(steps);
  });
});

const ms = fc.nat({ max: 600_000 });
const anyJob: fc.Arbitrary<TinyJob> = fc.oneof(
  fc.record({ type: fc.constant('done' as const), tookMs: ms, isHeard: fc.boolean() }),
  fc.record({ type: fc.constantFrom('no_file' as const, 'not_started' as const), afterMs: ms }),
  fc.record({ type: fc.constantFrom('failed' as const, 'not_taken' as const), message: fc.constantFrom('a', 'b.') }),
);
const anyOn = fc.record({
  job: anyJob,
  connections: fc.nat({ max: 16 }),
  isRefused: fc.boolean(),
  newReplicas: fc.option(fc.nat({ max: 3 })),
});

test('it is only ever advised to turn on what was heard and made no job wait', () => {
  fc.assert(
    fc.property(anyJob, fc.option(ms), fc.option(anyOn), (job, startMs, half) => {
      const verdict = listeningVerdict({ off: { job, startMs }, on: half });
      for (const sentence of [verdict.off, verdict.on, verdict.advice])
        if (sentence !== null) expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
      if (verdict.set !== 'on') return;
      expect(half?.job).toMatchObject({ type: 'done', isHeard: true });
      expect(half?.newReplicas ?? 0).toBe(0);
    }),
  );
});
