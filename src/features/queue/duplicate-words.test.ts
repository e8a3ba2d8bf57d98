import { expect, test } from 'vitest';
import { duplicateWords } from './duplicate-words.ts';

test.each([
  [
    { sent: 1, wastedMs: 0 },
    'Sent again 1 time while a GPU may have been idle; the first to start stayed. No GPU time was lost.',
  ],
  [
    { sent: 12, wastedMs: 416 },
    'Sent again 12 times while a GPU may have been idle; the first to start stayed. The others used 0.4\u00a0s of GPU time.',
  ],
])('%j', (figures, words) => {
  expect(duplicateWords(figures)).toBe(words);
});
