import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttemptFact } from './class-facts.ts';
import { busyTimes, gpuUseOf, replicasSeen, utilisation } from './gpu-use.ts';

const S = 1000;
const NOW = 1000 * S;

/** Sent at, started at and ended at, in seconds; null = not yet. */
const run = (sent: number, started: number | null, ended: number | null, over: Partial<AttemptFact> = {}) => ({
  jobId: 'j',
  userId: 'a',
  endpointId: 'h200',
  number: 1,
  sentAt: sent * S,
  answeredAt: sent * S,
  startedAt: started === null ? null : started * S,
  wholeAt: null,
  endedAt: ended === null ? null : ended * S,
  outcome: 'completed',
  warmUp: false,
  heard: null,
  ...over,
});

describe('busy times', () => {
  test.each<[string, AttemptFact[], number[]]>([
    ['nothing ran', [], []],
    ['one that never started', [run(10, null, 20)], []],
    ['one run', [run(10, 10, 20)], [0, 10 * S]],
    ['a cold start is no idle GPU', [run(10, 300, 320)], [3 * S, 20 * S]],
    ['two one after the other, with a gap before the second', [run(10, 10, 20), run(20, 22, 30)], [2 * S, 18 * S]],
    ['two at once', [run(10, 10, 20), run(10, 10, 15)], [0, 5 * S, 5 * S]],
    ['a pause without work', [run(10, 10, 20), run(500, 500, 510)], [0, 20 * S]],
    ['what still runs', [run(990, 990, null)], [0, 10 * S]],
    ['the last file ends it', [run(10, 10, 40, { wholeAt: 20 * S })], [0, 10 * S]],
  ])('%s', (_, attempts, times) => {
    expect(busyTimes(attempts, 0, NOW)).toEqual(times);
  });

  test('what was before the class does not count', () => {
    expect(busyTimes([run(10, 10, 20)], 15 * S, NOW)).toEqual([0, 5 * S]);
  });
});

test.each([
  [[], 0],
  [[3 * S], 0],
  [[0, 10 * S], 1],
  [[0, 50 * S, 50 * S], 2],
  // An end that is seen late is no third replica.
  [[0, 50 * S, 49 * S, 1 * S], 2],
  [[0, 0, 0, 0, 10 * S], 4],
])('busy times %j show %i replicas', (times, replicas) => {
  expect(replicasSeen(times)).toBe(replicas);
});

test.each([
  [[], 3, null],
  [[0, 10 * S], 0, null],
  [[0, 10 * S], 1, 1],
  [[0, 10 * S], 4, 0.25],
  [[10 * S, 10 * S], 1, 0.5],
  [[0, 5 * S, 5 * S], 2, 0.75],
])('busy times %j on %i replicas: %d', (times, replicas, share) => {
  expect(utilisation(times, replicas)).toBe(share);
});

describe('the use of an endpoint', () => {
  const seen = { since: 0, now: NOW, platform: null, heard: 0 };
  test.each<[string, AttemptFact[], Partial<typeof seen> | { platform: number }, ReturnType<typeof gpuUseOf>]>([
    [
      'nothing is known',
      [],
      {},
      { rendering: 0, replicas: null, utilisation: null, classUtilisation: null, listened: 0, heard: 0 },
    ],
    [
      'one of four heard replicas renders',
      [run(990, 990, null, { heard: true })],
      { heard: 4 },
      { rendering: 1, replicas: 4, utilisation: 0.25, classUtilisation: 0.25, listened: 1, heard: 1 },
    ],
    [
      'one has just started',
      [run(1000, 1000, null)],
      {},
      { rendering: 1, replicas: 1, utilisation: 1, classUtilisation: null, listened: 0, heard: 0 },
    ],
    [
      'two have rendered at once; now nothing is there',
      [run(10, 10, 20), run(10, 10, 20, { heard: false })],
      {},
      { rendering: 0, replicas: null, utilisation: null, classUtilisation: 1, listened: 1, heard: 0 },
    ],
    [
      'what the platform says counts for now, and what was seen for the class',
      [run(10, 10, 20), run(10, 10, 20), run(990, 990, null)],
      { platform: 1 },
      { rendering: 1, replicas: 1, utilisation: 1, classUtilisation: 0.75, listened: 0, heard: 0 },
    ],
    [
      'the platform says that none is up',
      [],
      { platform: 0 },
      { rendering: 0, replicas: 0, utilisation: null, classUtilisation: null, listened: 0, heard: 0 },
    ],
    [
      'warm-ups and what never started are no share of what is heard',
      [
        run(10, 10, 20, { heard: true }),
        run(10, null, 20, { heard: false }),
        run(30, 30, 40, { heard: true, warmUp: true }),
      ],
      {},
      { rendering: 0, replicas: null, utilisation: null, classUtilisation: 1, listened: 1, heard: 1 },
    ],
  ])('%s', (_, attempts, over, use) => {
    expect(gpuUseOf(attempts, { ...seen, ...over })).toEqual(use);
  });
});

const runs = fc.array(
  fc
    .record({
      sent: fc.integer({ min: 0, max: 900 }),
      wait: fc.integer({ min: 0, max: 40 }),
      lasts: fc.nat({ max: 90 }),
    })
    .map(({ sent, wait, lasts }) => run(sent, sent + wait, sent + wait + lasts)),
  { maxLength: 30 },
);

test('times are those of a clock that looks each second, in whatever order attempts come', () => {
  fc.assert(
    fc.property(runs, fc.integer({ min: 0, max: 500 }), (attempts, since) => {
      const times = busyTimes(attempts, since * S, NOW);
      const looked: number[] = [];
      for (let second = since; second < 1000; second += 1) {
        const at = second * S;
        const isIn = (from: number, to: number): boolean => from <= at && at < to;
        const ends = (one: AttemptFact): number => one.endedAt ?? NOW;
        const work = attempts.some((one) =>
          isIn(Math.max(one.sentAt, (one.startedAt ?? 0) - 3 * S), Math.max(ends(one), one.startedAt ?? 0)),
        );
        if (!work) continue;
        const rendering = attempts.filter((one) => isIn(one.startedAt ?? 0, ends(one))).length;
        while (looked.length <= rendering) looked.push(0);
        looked[rendering] = (looked[rendering] ?? 0) + S;
      }
      expect(times).toEqual(looked);
      expect(busyTimes(attempts.toReversed(), since * S, NOW)).toEqual(times);
    }),
  );
});

test('a share is between 0 and 1, and with more replicas never greater', () => {
  fc.assert(
    fc.property(runs, fc.integer({ min: 1, max: 20 }), (attempts, replicas) => {
      const times = busyTimes(attempts, 0, NOW);
      const share = utilisation(times, replicas);
      if (share === null) return;
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      expect(utilisation(times, replicas + 1)).toBeLessThanOrEqual(share);
      expect(replicasSeen(times)).toBeLessThanOrEqual(attempts.length);
    }),
  );
});
