import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextCounter, numbered } from './output-path.ts';

const next = (entries: readonly string[], base: string): number => nextCounter(entries, base, base.length);

test.each([
  [[], 1],
  [['x_00007_.txt'], 8],
  [['x_00005_.png.part', 'x_00002_.png'], 6],
  [['x_00005.png'], 1],
  [['x_20_00001_.png'], 21],
  [['X_00005_.png', 'xy_00007_.png', 'x', '_x_9_'], 1],
  [['x_99999_.png'], 100_000],
  [['x_-5_.png'], -4],
])('after %j the counter of x is %d', (entries, counter) => {
  expect(next(entries, 'x')).toBe(counter);
});

test('no name is used twice as long as all files exist', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 30 }), (numbers) => {
      const place = { folder: '', base: 'a_b', subfolder: '' };
      const entries = numbers.map((counter) => numbered({ ...place, counter }, 0, 'png'));
      expect(entries).not.toContain(numbered({ ...place, counter: next(entries, 'a_b') }, 0, 'png'));
    }),
  );
});

test('a prefix that ends in a slash or contains %batch_num% never finds its own files', () => {
  expect(nextCounter(['slash_00001_.png'], 'slash', 0)).toBe(1);
  expect(next(['bn_0_00001_.png'], 'bn_%batch_num%')).toBe(1);
});

test('newer servers count a number that no underscore follows', () => {
  expect(nextCounter(['x_00005.png', 'x_00002_.png'], 'x', 1, true)).toBe(6);
});
