import { expect, test } from 'vitest';
import { createRate } from './rate.ts';

test('each key has its own room in each window', () => {
  let now = 0;
  const hasRoom = createRate(2, 1000, () => now);
  expect([hasRoom('a'), hasRoom('a'), hasRoom('a'), hasRoom('b')]).toEqual([true, true, false, true]);
  now = 999;
  expect(hasRoom('a')).toBe(false);
  now = 1000;
  expect([hasRoom('a', 2), hasRoom('a'), hasRoom('b', 3)]).toEqual([true, false, false]);
});
