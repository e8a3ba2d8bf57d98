import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPeaks } from './peaks.ts';

function peaksOf(samples: readonly number[], count: number): number[] {
  const peaks = createPeaks(count);
  for (const sample of samples) peaks.add(sample);
  return peaks.values();
}

test('as many values as asked for, from 0 to 100, and the loudest is among them', () => {
  const samples = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 5000 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 50 }), (given, count) => {
      const values = peaksOf(given, count);
      expect(values).toHaveLength(count);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      const loudest = given.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(Math.max(...values)).toBe(Math.round(loudest * 100));
    }),
  );
});

test('of a sound that is a hundred times as long they are the same', () => {
  const ramp = (length: number) => Array.from({ length }, (_, at) => at / length);
  for (const [at, value] of peaksOf(ramp(4_000_000), 10).entries())
    expect(Math.abs(value - (at + 1) * 10)).toBeLessThan(3);
  for (const [at, value] of peaksOf(ramp(40_000), 10).entries())
    expect(Math.abs(value - (at + 1) * 10)).toBeLessThan(3);
});

test('nothing was heard', () => expect(peaksOf([], 400)).toEqual([]));
test('what is louder than can be, or no number, is as loud as can be at most', () => {
  expect(peaksOf([3, 0, 0], 1)).toEqual([100]);
  expect(peaksOf([Number.NaN], 1)).toEqual([0]);
});
