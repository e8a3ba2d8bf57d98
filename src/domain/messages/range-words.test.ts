import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeWords } from './range-words.ts';

const seconds = (low: number, high: number) => ({ lowMs: low * 1000, highMs: high * 1000 });

test.each([
  [seconds(20, 30), '20 to 30 s'],
  [seconds(18, 31.9), '20 to 30 s'],
  [seconds(24, 26), 'about 25 s'],
  [seconds(3.1, 4.4), '3 to 4 s'],
  [seconds(0.2, 0.4), 'up to 1 s'],
  [seconds(0, 29), 'up to 30 s'],
  [seconds(80, 100), 'about 1½ min'],
  [seconds(35, 120), '½ to 2 min'],
  [seconds(120, 235), '2 to 4 min'],
  [seconds(240, 600), '4 to 10 min'],
  [seconds(5400, 9000), '1½ to 2½ h'],
  [seconds(10, 7200), 'up to 2 h'],
])('%j', (range, words) => expect(rangeWords(range)).toBe(words));

test('always a number of some unit, never nothing and never negative', () => {
  fc.assert(
    fc.property(fc.nat(20_000_000), fc.nat(20_000_000), (a, b) => {
      const words = rangeWords({ lowMs: Math.min(a, b), highMs: Math.max(a, b) });
      expect(words).toMatch(/^(about|up to|[\d½]+ to) (\d+½?|½) (s|min|h)$/);
    }),
  );
});
