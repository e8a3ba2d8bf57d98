import { expect, test } from 'vitest';
import { marksBefore, marksWords, toggled } from './marks.ts';

const result = (id: string, rating: number, favourite = false) => ({ id, rating, favourite, rejected: false });

test('previous marks are kept in groups; results that have the new mark already are left out', () => {
  const results = [result('a', 0), result('b', 3), result('c', 0), result('d', 5)];
  expect(marksBefore(results, { rating: 5 }).map(({ results, marks }) => [results.map(({ id }) => id), marks])).toEqual(
    [
      [['a', 'c'], { rating: 0 }],
      [['b'], { rating: 3 }],
    ],
  );
});

test('one press turns it on for all, the next off for all', () => {
  expect(toggled([result('a', 0, true), result('b', 0)], 'favourite')).toEqual({ favourite: true });
  expect(toggled([result('a', 0, true)], 'favourite')).toEqual({ favourite: false });
});

test.each([
  [1, { favourite: true }, '1 result added to favourites.'],
  [3, { rejected: false }, '3 results no longer rejected.'],
  [2, { rating: 1 }, '2 results: 1 star.'],
  [1, { rating: 0 }, '1 result: rating cleared.'],
])('%i with %j: %s', (count, marks, words) => expect(marksWords(count, marks)).toBe(words));
