import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reshaped, SHAPES, SIZE_STEP, shapeOf } from './shapes.ts';

test.each([
  [1024, 1024, '16:9', 8, 1368, 768],
  [768, 512, '1:1', 8, 624, 624],
  [768, 512, '2.39:1', 8, 968, 408],
  [512, 288, '9:16', 32, 288, 512],
  [832, 480, '2.39:1', 32, 992, 416],
  [1, 1, '16:9', 8, 8, 8],
])('%i × %i as %s in steps of %i is %i × %i', (width, height, name, step, wide, high) => {
  const ratio = SHAPES.find((shape) => shape.name === name)?.ratio ?? 0;
  expect(reshaped({ width, height }, ratio, step)).toEqual({ width: wide, height: high });
});

test.each([
  [1368, 768, 8, '16:9'],
  [1376, 768, 32, '16:9'],
  [768, 512, 8, '3:2'],
  [640, 640, 8, '1:1'],
  [1000, 640, 8, null],
  [0, 0, 8, null],
])('%i × %i in steps of %i is %s', (width, height, step, name) => {
  expect(shapeOf({ width, height }, step)).toBe(name);
});

test('whatever the size, it has the shape that was asked for and about as many pixels', () => {
  const side = fc.integer({ min: 256, max: 4096 });
  fc.assert(
    fc.property(
      side,
      side,
      fc.constantFrom(...SHAPES),
      fc.constantFrom(...Object.values(SIZE_STEP)),
      (width, height, shape, step) => {
        const once = reshaped({ width, height }, shape.ratio, step);
        expect([once.width % step, once.height % step, shapeOf(once, step)]).toEqual([0, 0, shape.name]);
        expect(Math.abs(Math.log((once.width * once.height) / (width * height)))).toBeLessThan(0.25);
      },
    ),
  );
});
