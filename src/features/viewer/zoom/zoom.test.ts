import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted, keepOnStage, lensOf, viewThrough, zoomTo } from './zoom.ts';

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

  test('a thumbnail can be shown at 100%', () => {
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

describe('lens', () => {
  const scales = fc.double({ min: 0.1, max: 16, noNaN: true });

  test('whatever view it is taken from, it shows that view again', () => {
    fc.assert(
      fc.property(size, size, scales, fc.integer(), fc.integer(), (picture, stage, scale, x, y) => {
        const view = keepOnStage({ scale, x, y }, picture, stage);
        const again = viewThrough(lensOf(view, picture, stage), picture, stage);
        expect(again.scale).toBeCloseTo(view.scale, 6);
        expect(again.x).toBeCloseTo(view.x, 3);
        expect(again.y).toBeCloseTo(view.y, 3);
      }),
    );
  });

  test('shows the same part of a picture and of its enlargement', () => {
    const stage = { width: 1000, height: 800 };
    const small = { width: 512, height: 384 };
    const large = { width: 2048, height: 1536 };
    const at = { x: 300, y: 500 };
    const lens = lensOf(zoomTo(fitted(small, stage), 6, at, small, stage), small, stage);
    const [a, b] = [viewThrough(lens, small, stage), viewThrough(lens, large, stage)];
    expect((at.x - a.x) / (small.width * a.scale)).toBeCloseTo((at.x - b.x) / (large.width * b.scale), 6);
    expect((at.y - a.y) / (small.height * a.scale)).toBeCloseTo((at.y - b.y) / (large.height * b.scale), 6);
  });

  test('without one the whole picture is there', () => {
    expect(viewThrough(null, { width: 400, height: 800 }, { width: 1000, height: 800 })).toEqual({
      scale: 1,
      x: 300,
      y: 0,
    });
  });
});
