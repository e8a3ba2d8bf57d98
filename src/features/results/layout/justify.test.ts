import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { justify, justifyUpwards, type Row } from './justify.ts';

const measures = fc.record({
  width: fc.integer({ min: 320, max: 3000 }),
  target: fc.integer({ min: 100, max: 360 }),
  gap: fc.constant(8),
});
const proportions = fc.array(fc.double({ min: 0.4, max: 5, noNaN: true }), { maxLength: 60 });
const total = (row: Row, gap: number): number =>
  row.widths.reduce((sum, w) => sum + w, 0) + gap * (row.widths.length - 1);

describe('justify', () => {
  test('three wide pictures and one left over', () => {
    const rows = justify([1.5, 1.5, 1.5, 1.5], { width: 1000, target: 220, gap: 8 });
    expect(rows).toEqual([
      { height: 219, widths: [328, 328, 328] },
      { height: 220, widths: [330] },
    ]);
  });

  test.each([justify, justifyUpwards])('%o keeps all boxes, in order', (layout) => {
    fc.assert(
      fc.property(proportions, measures, (ratios, measure) => {
        const rows = layout(ratios, measure);
        const boxes = rows.flatMap((row) => row.widths.map((width) => ({ width, height: row.height })));
        expect(boxes).toHaveLength(ratios.length);
        for (const [i, { width, height }] of boxes.entries()) {
          if (width < measure.width) expect(Math.abs(width - (ratios[i] ?? 0) * height)).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  test('every row but the open one fills the width to the pixel, near the wanted height', () => {
    fc.assert(
      fc.property(proportions, measures, (ratios, measure) => {
        const closed = justify(ratios, measure).slice(0, -1);
        for (const row of closed) {
          expect(total(row, measure.gap)).toBe(measure.width);
          expect(row.height).toBeLessThanOrEqual(measure.target * 2);
        }
      }),
    );
  });

  test('no row is wider than the page', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 40, noNaN: true }), { maxLength: 30 }),
        measures,
        (ratios, measure) => {
          for (const row of justify(ratios, measure))
            expect(total(row, measure.gap)).toBeLessThanOrEqual(measure.width);
        },
      ),
    );
  });

  test('what comes later at the end changes at most the last row', () => {
    fc.assert(
      fc.property(proportions, proportions, measures, (first, more, measure) => {
        const before = justify(first, measure).slice(0, -1);
        expect(justify([...first, ...more], measure).slice(0, before.length)).toEqual(before);
      }),
    );
  });

  test('upwards, what arrives in front changes at most the first row', () => {
    fc.assert(
      fc.property(proportions, proportions, measures, (first, arrived, measure) => {
        const before = justifyUpwards(first, measure).slice(1);
        const after = justifyUpwards([...arrived, ...first], measure);
        expect(before.length === 0 ? [] : after.slice(-before.length)).toEqual(before);
      }),
    );
  });
});
