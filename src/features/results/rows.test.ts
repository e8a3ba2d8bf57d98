import { describe, expect, test } from 'vitest';
import { firstSights, proportion, rowsOf } from './rows.ts';

const picture = (id: string) => ({ id, kind: 'image', width: 768, height: 512 }) as const;
const pictures = (ids: string) => [...ids].map(picture);
const measure = { width: 1000, target: 220, gap: 8 };
const shape = (ids: string, arrivals: number): string[] =>
  rowsOf(pictures(ids), arrivals, measure).map((row) => row.tiles.map(({ result }) => result.id).join(''));

describe('rowsOf', () => {
  test.each([
    ['gfedcba', 0, ['gfe', 'dcb', 'a']],
    ['gfedcba', 7, ['g', 'fed', 'cba']],
    ['gfedcba', 2, ['gf', 'edc', 'ba']],
    ['', 0, []],
  ] as const)('%s with %i arrivals', (ids, arrivals, rows) => {
    expect(shape(ids, arrivals)).toEqual(rows);
  });

  test('rows keep their keys when something is put in front or behind', () => {
    const keys = (ids: string, arrivals: number): string[] =>
      rowsOf(pictures(ids), arrivals, measure).map(({ key }) => key);
    expect(keys('ba', 1)).toEqual(['b', 'a']);
    expect(keys('dcba', 3)).toEqual(['b', 'a']);
    expect(keys('dcba98', 3)).toEqual(['b', 'a']);
  });

  test('what is not a picture, or has no known size, gets a card', () => {
    expect(proportion({ id: 'a', kind: 'audio', width: 10, height: 1 })).toBe(4 / 3);
    expect(proportion({ id: 'a', kind: 'image', width: null, height: null })).toBe(4 / 3);
    expect(proportion(picture('a'))).toBe(1.5);
  });
});

describe('firstSights', () => {
  const day = (ids: string, key = '2026-11-23') => ({ key, items: pictures(ids) });

  test('the newest day, all there: everything is laid out upwards, for good', () => {
    const arrivals = firstSights();
    expect(arrivals(day('cba'), true, true)).toBe(3);
    expect(arrivals(day('edcba'), false, false)).toBe(5);
  });

  test('a day of which more is to come: only what came in front since', () => {
    const arrivals = firstSights();
    expect(arrivals(day('cb'), true, false)).toBe(0);
    expect(arrivals(day('edcb'), true, false)).toBe(2);
    expect(arrivals(day('edcba'), true, true)).toBe(2);
  });

  test('an older day is laid out downwards', () => {
    expect(firstSights()(day('cba'), false, true)).toBe(0);
  });
});
