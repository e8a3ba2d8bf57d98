import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowAt, rowOffsetsOf, rowsAround } from './row-offsets.ts';

const rows = fc.array(fc.record({ height: fc.integer({ min: 1, max: 400 }), after: fc.integer({ min: 0, max: 24 }) }), {
  minLength: 1,
  maxLength: 60,
});

describe('rowAt', () => {
  it('finds the row that holds a height, and the nearest one beyond the ends', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -500, max: 30_000 }), (all, y) => {
        const offsets = rowOffsetsOf(all);
        const row = rowAt(offsets, y);
        const slow = all.findLastIndex((_, i) => offsets[i]! <= y);
        expect(row).toBe(Math.max(0, slow));
      }),
    );
  });

  it('answers 0 where there is nothing', () => {
    expect(rowAt(rowOffsetsOf([]), 100)).toBe(0);
  });
});

describe('rowsAround', () => {
  it.each([
    [{ first: 0, last: 2, active: undefined, count: 20 }, [0, 1, 2, 3, 4, 5]],
    [{ first: 9, last: 10, active: undefined, count: 12 }, [6, 7, 8, 9, 10, 11]],
    [{ first: 9, last: 10, active: 1, count: 12 }, [1, 6, 7, 8, 9, 10, 11]],
    [{ first: 0, last: 0, active: 9, count: 12 }, [0, 1, 2, 3, 9]],
    [{ first: 4, last: 4, active: 5, count: 12 }, [1, 2, 3, 4, 5, 6, 7]],
    [{ first: 0, last: 0, active: 3, count: 0 }, []],
    [{ first: 0, last: 0, active: undefined, count: 0 }, []],
  ])('%o', ({ first, last, active, count }, near) => {
    expect(rowsAround(first, last, active, count)).toEqual(near);
  });
});
