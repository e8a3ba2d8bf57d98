import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freePlace, placeOf } from './place.ts';

const screen = { width: 1440, height: 900 };
const size = { width: 320, height: 120 };
const run = { left: 1200, top: 60, width: 120, height: 40 };

test.each([
  ['where it wants to be', { left: 20, top: 700 }, run, { left: 20, top: 700 }],
  ['on the screen', { left: 5000, top: -40 }, null, { left: 1112, top: 8 }],
  ['below the Run button', { left: 1100, top: 70 }, run, { left: 1100, top: 108 }],
])('%s', (_, wish, keepFree, place) => expect(placeOf(wish, size, screen, keepFree)).toEqual(place));

test('wherever the Run button is, and whatever is wished, it is not covered', () => {
  const at = (most: number) => fc.integer({ min: -500, max: most });
  fc.assert(
    fc.property(
      at(2000),
      at(2000),
      fc.integer({ min: 0, max: 1300 }),
      fc.integer({ min: 0, max: 850 }),
      (left, top, x, y) => {
        const button = { left: x, top: y, width: 100, height: 32 };
        const place = placeOf({ left, top }, size, screen, button);
        expect(place.left).toBeGreaterThanOrEqual(0);
        expect(place.left + size.width).toBeLessThanOrEqual(screen.width);
        expect(place.top).toBeGreaterThanOrEqual(0);
        expect(place.top + size.height).toBeLessThanOrEqual(screen.height);
        const isFree =
          place.left >= x + 100 || place.left + size.width <= x || place.top >= y + 32 || place.top + size.height <= y;
        expect(isFree).toBe(true);
      },
    ),
  );
});

const lower = { left: 432, top: 900 };
const node = (left: number, top: number, width = 300, height = 300) => ({ left, top, width, height });
test.each([
  ['where it always was, while nothing lies there', [node(400, 100)], lower],
  ['beside a node at the lower edge', [node(400, 700)], { left: 712, top: 900 }],
  ['at the upper edge, where the lower one is full', [node(0, 500, 1440, 400)], { left: 432, top: 104 }],
  ['where it hides least, where all is full', [node(0, 0, 1440, 890), node(0, 890, 400, 10)], lower],
])('a panel that nobody has moved goes %s', (_, nodes, place) =>
  expect(freePlace(lower, size, screen, run, nodes)).toEqual(place),
);
