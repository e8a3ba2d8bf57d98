import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, respellings } from './spelling.ts';

const TERMS = ['train', 'trail', 'brain', 'harbour', 'dawn', 'zurich', 'lighthouse', 'cat'];

test.each([
  ['trian', ['train']],
  ['rtain', ['train']],
  ['tran', ['train']],
  ['traim', ['trail', 'train']],
  ['hrabuor dawn', ['harbour dawn']],
  ['Lihgthouse at dwan', []],
  ['Lihgthouse dwan', ['lighthouse dawn']],
  ['cta', ['cat']],
  ['ct', []],
  ['tra', []],
  ['train', []],
  ['zebra', []],
  ['trian 7000', []],
  ['', []],
])('%s may mean %j', (typed, meant) => expect(respellings(typed, TERMS)).toEqual(meant));

describe('edit distance', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
  test('is the same both ways, and none only between equal words', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 9)).toBe(editDistance(b, a, 9));
        expect(editDistance(a, b, 9) === 0).toBe(a === b);
      }),
    );
  });

  test('beyond what is asked for it is one more', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, max) => {
        expect(editDistance(a, b, max)).toBe(Math.min(editDistance(a, b, 9), max + 1));
      }),
    );
  });
});
