import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLongerThan, leftOf, MIN_SAMPLES, type StartSample, usual, usualRun, usualStart } from './estimate.ts';

const sample = (run: number | null, fingerprint: string | null = 'm|a', held = 0): StartSample => ({
  fingerprint,
  sentAt: 1000,
  answeredAt: 1000 + held,
  startedAt: 6000,
  wholeAt: run === null ? null : 6000 + run,
});
const three = (run: number, fingerprint: string | null = 'm|a') =>
  [run, run, run].map((each) => sample(each, fingerprint));
const fromTo = (least: number, most: number) => ({
  lowMs: expect.closeTo(least / 1.2),
  highMs: expect.closeTo(most * 1.2),
});
const around = (ms: number) => fromTo(ms, ms);

describe('usual', () => {
  test.each([
    [[], null],
    [[10], null],
    [[10, 20], null],
    [[30, 10, 20], { lowMs: 10 / 1.2, highMs: 36 }],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000], { lowMs: 3, highMs: 9 }],
  ])('%j', (times, range) => {
    expect(usual(times)).toEqual(range && { lowMs: expect.closeTo(range.lowMs), highMs: expect.closeTo(range.highMs) });
  });

  test('a range that holds at least half of the times, and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: MIN_SAMPLES, maxLength: 60 }), (times) => {
        const range = usual(times);
        if (!range) throw new Error('enough times, but no range');
        expect(range.lowMs).toBeLessThanOrEqual(range.highMs);
        expect(times.filter((ms) => ms >= range.lowMs && ms <= range.highMs).length * 2).toBeGreaterThanOrEqual(
          times.length,
        );
        expect(usual(times.toReversed())).toEqual(range);
      }),
    );
  });
});

describe('usualRun', () => {
  const recent = [...three(500, 'm|b'), ...three(9000, 'other|c')];
  test.each([
    ['those like it', { like: three(100), recent }, 'm|a', around(100)],
    ['those of its model, when too few are like it', { like: three(100).slice(1), recent }, 'm|a', around(500)],
    ['all that ran there, for a new model', { like: [], recent }, 'new|a', fromTo(500, 9000)],
    ['all that ran there, for a job of old', { like: [], recent: three(70, null) }, null, around(70)],
  ] as const)('%s', (_, measured, fingerprint, range) => {
    expect(usualRun(measured, fingerprint)).toEqual(range);
  });
  test('nothing measured, nothing said', () => {
    expect(usualRun({ like: [], recent: three(1).slice(1) }, 'm|a')).toBeNull();
    expect(usualRun({ like: [], recent: [null, null, null].map((none) => sample(none)) }, 'm|a')).toBeNull();
  });
});

test('cold and warm starts are told apart by how long the request was held', () => {
  const warm = three(1).map((each) => ({ ...each, startedAt: 1500 }));
  const cold = [4000, 4000, 4000].map((held) => ({ ...sample(1, 'm|a', held), startedAt: 61_000 }));
  const unanswered = cold.map((each) => ({ ...each, answeredAt: null }));
  expect(usualStart([...warm, ...cold], false)).toEqual(around(500));
  expect(usualStart([...warm, ...cold], true)).toEqual(around(60_000));
  expect(usualStart([...warm, ...unanswered], true)).toEqual(around(60_000));
  expect(usualStart(warm, true)).toBeNull();
  const clockSetBack = warm.map((each) => ({ ...each, startedAt: each.sentAt - 3_600_000 }));
  expect(usualStart(clockSetBack, false)).toEqual({ lowMs: 0, highMs: 0 });
});

test.each([
  [10_000, 0, 10_000],
  [10_000, -3_600_000, 10_000],
  [10_000, 4000, 6000],
  [10_000, 9500, 1000],
  [10_000, 10_000, 1000],
  [10_000, 60_000, 26_000],
])('of %i ms, after %i ms: %i', (whole, elapsed, left) => expect(leftOf(whole, elapsed)).toBe(left));

test.each([
  [1000, 1400, false],
  [1000, 6000, false],
  [1000, 6001, true],
  [60_000, 90_000, false],
  [60_000, 90_001, true],
])('usually up to %i ms, and it has been %i ms: longer than usual is %s', (highMs, elapsed, longer) =>
  expect(isLongerThan({ lowMs: 0, highMs }, elapsed)).toBe(longer),
);
