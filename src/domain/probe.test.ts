import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missesForLost, probeIsDue } from './probe.ts';

const SECOND = 1000;
const minutes = (count: number): number => count * 60 * SECOND;

describe('when to ask', () => {
  test.each<[string, number, number | null, boolean]>([
    ['just answered', 0, null, false],
    ['still for less than four seconds', 3999, null, false],
    ['still for four seconds, never asked', 4000, null, true],
    ['asked a moment ago', 10 * SECOND, 10 * SECOND - 1, false],
    ['asked less than two seconds ago', 10 * SECOND, 8 * SECOND + 1, false],
    ['asked two seconds ago', 10 * SECOND, 8 * SECOND, true],
    ['still for two minutes, asked five seconds ago', minutes(2), minutes(2) - 5 * SECOND, false],
    ['still for two minutes, asked six seconds ago', minutes(2), minutes(2) - 6 * SECOND, true],
    ['still for an hour, asked 29 seconds ago', minutes(60), minutes(60) - 29 * SECOND, false],
    ['still for an hour, asked 30 seconds ago', minutes(60), minutes(60) - 30 * SECOND, true],
  ])('%s', (_, now, lastProbeAt, due) => expect(probeIsDue({ stillSince: 0, lastProbeAt }, now)).toBe(due));

  test('a sign of life silences it again', () => {
    const lastProbeAt = minutes(5) - 20 * SECOND;
    expect(probeIsDue({ stillSince: 0, lastProbeAt }, minutes(5))).toBe(true);
    expect(probeIsDue({ stillSince: minutes(5) - 1, lastProbeAt }, minutes(5))).toBe(false);
  });

  /** All the times at which one attempt is asked about when somebody looks every 100 ms. */
  const askedAt = (untilMs: number): number[] => {
    const times: number[] = [];
    for (let now = 0; now <= untilMs; now += 100)
      if (probeIsDue({ stillSince: 0, lastProbeAt: times.at(-1) ?? null }, now)) times.push(now);
    return times;
  };

  test('half an hour of silence costs fewer than 140 questions, the first after four seconds, the pauses never shorter', () => {
    const times = askedAt(minutes(30));
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times[0]).toBe(4000);
    expect(times.length).toBeGreaterThan(60);
    expect(times.length).toBeLessThan(140);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect([pauses[0], pauses.at(-1)]).toEqual([2000, 30 * SECOND]);
  });

  test('however long it has been still, it is asked again after half a minute at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4000, max: minutes(600) }),
        fc.integer({ min: 0, max: minutes(600) }),
        (still, ago) => {
          const due = probeIsDue({ stillSince: 0, lastProbeAt: still - ago }, still);
          if (ago >= 30 * SECOND) expect(due).toBe(true);
          if (ago < 2 * SECOND) expect(due).toBe(false);
        },
      ),
    );
  });
});

describe('how many questions in vain make an attempt lost', () => {
  test.each([
    [0, 14],
    [1, 14],
    [2, 23],
    [3, 33],
    [4, 42],
    [16, 152],
  ])('with %i replicas: %i', (replicas, misses) => expect(missesForLost(replicas)).toBe(misses));

  test('one more replica than we know of, and still at most one attempt in ten thousand is given up wrongly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (replicas) => {
        const neverReached = (misses: number): number => (1 - 1 / (replicas + 1)) ** misses;
        expect(neverReached(missesForLost(replicas))).toBeLessThanOrEqual(1e-4);
        expect(neverReached(missesForLost(replicas) - 1)).toBeGreaterThan(1e-4);
      }),
    );
  });
});
