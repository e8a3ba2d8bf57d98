import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spansOf } from './job-timings.ts';

const S = 1000;
const none = { answeredAt: null, startedAt: null, wholeAt: null, endedAt: null };
const done = { sentAt: 5 * S, answeredAt: 6 * S, startedAt: 9 * S, wholeAt: 20 * S, endedAt: 22 * S };

const spans = (...args: Parameters<typeof spansOf>) =>
  spansOf(...args).map(({ stage, ms, attempt }) => `${stage} ${ms / S} ${attempt}`);

test.each<[string, Parameters<typeof spansOf>, string[]]>([
  ['waits', [{ createdAt: 0, endedAt: null }, [], 7 * S], ['waiting 7 0']],
  [
    'is done',
    [{ createdAt: 0, endedAt: 22 * S }, [done], 99 * S],
    ['waiting 5 0', 'starting 4 1', 'rendering 11 1', 'delivering 2 1'],
  ],
  [
    'was cancelled on its way',
    [{ createdAt: 0, endedAt: 8 * S }, [{ ...none, sentAt: 5 * S, endedAt: 8 * S }], 99 * S],
    ['waiting 5 0', 'starting 3 1'],
  ],
  [
    'was lost, waits and is tried again',
    [
      { createdAt: 0, endedAt: null },
      [
        { ...none, sentAt: 1 * S, startedAt: 3 * S, endedAt: 9 * S },
        { ...none, sentAt: 12 * S },
      ],
      15 * S,
    ],
    ['waiting 1 0', 'starting 2 1', 'rendering 6 1', 'waiting 3 1', 'starting 3 2'],
  ],
  [
    'came through after it was given up',
    [
      { createdAt: 0, endedAt: 22 * S },
      [
        { ...done, endedAt: 22 * S },
        { ...none, sentAt: 15 * S, endedAt: 20 * S },
      ],
      99 * S,
    ],
    ['waiting 5 0', 'starting 4 1', 'rendering 6 1', 'starting 5 2', 'waiting 2 2'],
  ],
])('a job that %s', (_, given, expected) => expect(spans(...given)).toEqual(expected));

test('whatever the clock did, the spans are whole and in all as long as the job', () => {
  const time = fc.integer({ min: 0, max: 100 });
  const maybe = fc.option(time, { nil: null });
  const attempt = fc.record({ sentAt: time, answeredAt: maybe, startedAt: maybe, wholeAt: maybe, endedAt: maybe });
  fc.assert(
    fc.property(
      fc.record({ createdAt: time, endedAt: maybe }),
      fc.array(attempt, { maxLength: 4 }),
      time,
      (job, attempts, now) => {
        const all = spansOf(job, attempts, now);
        for (const { ms } of all) expect(ms).toBeGreaterThan(0);
        const end = job.endedAt ?? Math.max(now, job.createdAt);
        expect(all.reduce((sum, { ms }) => sum + ms, 0)).toBe(Math.max(0, end - job.createdAt));
        expect(new Set(all.map(({ stage, attempt }) => `${stage} ${attempt}`)).size).toBe(all.length);
      },
    ),
  );
});
