import { expect, test } from 'vitest';
import { freeNames } from './free-names.ts';

test('a name that is taken gets a number that is free', () => {
  expect(freeNames(['Anna', 'Ben', 'anna'], new Set(['anna', 'anna 2']))).toEqual(['Anna 3', 'Ben', 'anna 4']);
  const long = 'x'.repeat(60);
  expect(freeNames([long], new Set([long]))).toEqual([`${'x'.repeat(56)} 2`]);
});
