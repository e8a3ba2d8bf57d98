import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownWords, rowsOf } from './differences.ts';

test('rows show what differs and leave out what is unknown', () => {
  const sheet = (seed: string | null, steps: string | null) => ({ seed, steps, lora: null });
  expect(rowsOf(['seed', 'steps', 'lora'], [sheet('1', '20'), sheet('2', '20'), sheet(null, '20')])).toEqual([
    { name: 'seed', values: ['1', '2', null], differs: true },
    { name: 'steps', values: ['20', '20', '20'], differs: false },
  ]);
});

describe('own words', () => {
  const own = (text: string, other: string) =>
    ownWords(text, other)
      .filter((piece) => piece.own)
      .map((piece) => piece.text);

  test.each([
    ['a red car', 'a blue car', ['red']],
    ['a car, rain', 'a car', ['car,', 'rain']],
    ['a car in the rain', 'a car', ['in', 'the', 'rain']],
    ['a car', 'a car in the rain', []],
    ['a car', '', ['a', 'car']],
    ['fog over a harbour', 'a harbour', ['fog', 'over']],
  ])('%s | %s', (text, other, words) =>
    expect(own(text, other).flatMap((each) => each.trim().split(/\s+/))).toEqual(words),
  );

  const words = fc
    .array(fc.constantFrom('a', 'red', 'car', 'in', 'rain'), { maxLength: 12 })
    .map((list) => list.join(' '));

  test('put together they are the text, and what is not own is in the other', () => {
    fc.assert(
      fc.property(words, words, (text, other) => {
        const pieces = ownWords(text, other);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const left = other.split(/\s+/);
        const shared = pieces.filter((piece) => !piece.own).flatMap((piece) => piece.text.split(/\s+/).filter(Boolean));
        let from = 0;
        for (const word of shared) {
          const found = left.indexOf(word, from);
          expect(found).toBeGreaterThanOrEqual(0);
          from = found + 1;
        }
      }),
    );
  });

  test('a text has no words of its own against itself', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(own(text, text)).toEqual([]);
      }),
    );
  });
});
