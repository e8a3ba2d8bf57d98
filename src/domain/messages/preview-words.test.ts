import { expect, test } from 'vitest';
import { deletedIn } from './preview-words.ts';

const HOUR = 3_600_000;

test.each([
  [-HOUR, 'deleted soon'],
  [30_000, 'deleted soon'],
  [HOUR - 1, 'deleted in 59 min'],
  [HOUR, 'deleted in 1 h'],
  [23.6 * HOUR, 'deleted in 24 h'],
  [71 * HOUR, 'deleted in 71 h'],
  [240 * HOUR, 'deleted in 10 days'],
])('%i ms before', (left, words) => {
  expect(deletedIn(1_000_000 + left, 1_000_000)).toBe(words);
});
