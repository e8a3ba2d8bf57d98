import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted, keepOnStage, zoomTo } from './zoom.ts';

const size = fc.record({ width: fc.integer({ min: 16, max: 8000 }), height: fc.integer({ min: 16, max: 8000 }) });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('fitted', () => {
  test.each([
    [
      { width: 2000, height: 1000 },
      { scale: 0.5, x: 0, y: 150 },
    ],
    [
      { width: 400, height: 800 },
      { scale: 1, x: 300, y: 0 },
    ],
    [
      { width: 100, height: 80 },
      { scale: 10, x: 0, y: 0 },
    ],
  ])('%j on 1000 × 800', (picture, view) => {
    expect(fitted(picture, { width: 1000, height: 800 })).toEqual(view);
  });
});

describe('zoomTo', () => {
  const stage = { width: 1000, height: 800 };
  const picture = { width: 4000, height: 3200 };

  test('what is under the pointer stays there', () => {
    fc.assert(
      fc.property(share, share, fc.double({ min: 0.5, max: 16, noNaN: true }), (u, v, scale) => {
        const point = { x: u * stage.width, y: v * stage.height };
        const before = fitted(picture, stage);
        const after = zoomTo(before, scale, point, picture, stage);
        expect((point.x - after.x) / after.scale).toBeCloseTo((point.x - before.x) / before.scale, 6);
        expect((point.y - after.y) / after.scale).toBeCloseTo((point.y - before.y) / before.scale, 6);
      }),
    );
  });

  test('stays between the whole picture and 16 times', () => {
    const view = fitted(picture, stage);
    expect(zoomTo(view, 0.001, { x: 0, y: 0 }, picture, stage)).toEqual(view);
    expect(zoomTo(view, 500, { x: 0, y: 0 }, picture, stage).scale).toBe(16);
  });

  test('a small picture can be shown in real pixels', () => {
    const small = { width: 100, height: 80 };
    expect(zoomTo(fitted(small, stage), 1, { x: 500, y: 400 }, small, stage)).toEqual({ scale: 1, x: 450, y: 360 });
  });
});

test('however far it is dragged, a picture never shows a gap that it could fill', () => {
  fc.assert(
    fc.property(
      size,
      size,
      fc.double({ min: 0.1, max: 16, noNaN: true }),
      fc.integer(),
      fc.integer(),
      (picture, stage, scale, x, y) => {
        const view = keepOnStage({ scale, x, y }, picture, stage);
        const right = view.x + picture.width * scale;
        if (picture.width * scale > stage.width) {
          expect(view.x).toBeLessThanOrEqual(0);
          expect(right).toBeGreaterThanOrEqual(stage.width - 1e-6);
        } else {
          expect(view.x).toBeCloseTo(stage.width - right, 6);
        }
      },
    ),
  );
});
