import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptFact, JobFact } from './class-facts.ts';
import { timelineOf } from './timeline.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const NOW = 10_000 * HOUR + 7 * MIN;

const job = (id: string, createdAt: number, endedAt: number | null, status: JobFact['status']): JobFact => ({
  id,
  userId: 'a',
  status,
  reason: null,
  createdAt,
  endedAt,
  warmUp: false,
});
const attempt = (jobId: string, sentAt: number, endedAt: number | null, number = 1): AttemptFact => ({
  jobId,
  userId: 'a',
  endpointId: 'e',
  number,
  sentAt,
  answeredAt: null,
  startedAt: null,
  wholeAt: null,
  endedAt,
  outcome: null,
  warmUp: false,
  heard: null,
});

test('each thing stands in the step in which it was', () => {
  const line = timelineOf(
    {
      jobs: [
        job('a', NOW - 30 * MIN, NOW - 20 * MIN, 'completed'),
        job('b', NOW - 30 * MIN, NOW - 20 * MIN, 'failed'),
        job('c', NOW - 12 * MIN, NOW, 'cancelled'),
        job('d', NOW - 12 * MIN, null, 'running'),
      ],
      attempts: [
        attempt('a', NOW - 28 * MIN, NOW - 24 * MIN),
        attempt('b', NOW - 26 * MIN, NOW - 24 * MIN),
        attempt('b', NOW - 24 * MIN, NOW - 20 * MIN, 2),
        attempt('d', NOW - 11 * MIN, null),
      ],
    },
    NOW - HOUR,
    NOW,
  );
  // Steps end at full five minutes: the last, which is not over, is 10:05 to 10:10.
  const last = line.completed.length - 1;
  const ago = (values: readonly unknown[], steps: number) => values[last - steps];
  expect(line.stepMs).toBe(5 * MIN);
  expect(line.startsAt + last * line.stepMs).toBe(NOW - 2 * MIN);
  expect([ago(line.completed, 4), ago(line.failed, 4), line.cancelled.at(-1)]).toEqual([1, 1, 1]);
  expect([ago(line.waitMs, 6), ago(line.waitMs, 5), ago(line.waitMs, 2), ago(line.waitMs, 1)]).toEqual([
    2 * MIN,
    4 * MIN,
    MIN,
    null,
  ]);
  expect(line.inFlight.slice(-7)).toEqual([1, 2, 1, 0, 1, 1, 1]);
});

test('whatever the time is, all that ended in it is counted once, and steps are few', () => {
  const time = fc.integer({ min: NOW - 24 * HOUR, max: NOW });
  fc.assert(
    fc.property(fc.array(fc.tuple(time, time)), time, (times, since) => {
      const spans = times.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
      const line = timelineOf(
        {
          jobs: spans.map(([from, to], i) => job(String(i), from, to, 'completed')),
          attempts: spans.map(([from, to], i) => attempt(String(i), from, to)),
        },
        since,
        NOW,
      );
      const count = line.completed.length;
      for (const values of [line.failed, line.cancelled, line.waitMs, line.inFlight])
        expect(values).toHaveLength(count);
      expect(count).toBeLessThanOrEqual(62);
      expect(line.startsAt).toBeLessThanOrEqual(Math.min(since, NOW - HOUR));
      expect(line.startsAt + count * line.stepMs).toBeGreaterThan(NOW);
      expect(line.completed.reduce((sum, n) => sum + n, 0)).toBe(spans.filter(([, to]) => to >= line.startsAt).length);
      expect(Math.max(...line.inFlight)).toBeLessThanOrEqual(spans.length);
    }),
  );
});

test('nothing is below zero when the clock was set back in between', () => {
  const time = fc.integer({ min: NOW - 24 * HOUR, max: NOW + HOUR });
  fc.assert(
    fc.property(fc.array(fc.tuple(time, time, time)), time, (times, since) => {
      const line = timelineOf(
        {
          jobs: times.map(([at, , end], i) => job(String(i), at, end, 'completed')),
          attempts: times.map(([, from, to], i) => attempt(String(i), from, to)),
        },
        since,
        NOW,
      );
      for (const values of [line.inFlight, line.completed, line.waitMs])
        expect(Math.min(0, ...values.map((value) => value ?? 0))).toBe(0);
    }),
  );
});
