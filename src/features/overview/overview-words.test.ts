import { expect, test } from 'vitest';
import { costWords, gpuWords, turnWords, waitWords } from './overview-words.ts';

test.each([
  [null, ''],
  [0, '0 s'],
  [8_000, '8 s'],
  [62_000, '60 s'],
  [95_000, '1½ min'],
  [600_000, '10 min'],
])('%s ms are a wait of "%s"', (ms, words) => expect(waitWords(ms)).toBe(words));

test.each([
  [0, '0 min'],
  [24_000, '0.4 min'],
  [9.96 * 60_000, '10.0 min'],
  [12.4 * 60_000, '12 min'],
  [185 * 60_000, '3 h 05'],
])('%s ms on GPUs are "%s"', (ms, words) => expect(gpuWords(ms)).toBe(words));

test.each([
  [{ gpuMs: 0, cost: 0, unpricedMs: 0 }, '€0.00'],
  [{ gpuMs: 60_000, cost: 0.05, unpricedMs: 0 }, '€0.05'],
  [{ gpuMs: 60_000, cost: 0.02, unpricedMs: 30_000 }, '€0.02 +'],
  [{ gpuMs: 60_000, cost: 0, unpricedMs: 60_000 }, '—'],
])('%j costs "%s"', (spent, words) => expect(costWords(spent, 'EUR')).toBe(words));

test('whether the queue is fair, in words', () => {
  expect(turnWords({ verdict: 'too early' })).toContain('Not enough jobs');
  expect(turnWords({ verdict: 'even', lowMs: 3000, highMs: 20_000 })).toContain('within 20 s');
  expect(turnWords({ verdict: 'even', lowMs: 3000, highMs: 3000 })).toContain('within 3 s');
  expect(turnWords({ verdict: 'uneven', name: 'Ben', ms: 300_000, othersMs: 20_000 })).toBe(
    'Ben waits longer than others: 5 min instead of 20 s.',
  );
});
