import { expect, test } from 'vitest';
import { swipeOf } from './swipe.ts';

const from = { x: 200, y: 200 };

test.each([
  ['to the left', { x: 100, y: 210 }, 200, 1],
  ['to the right', { x: 300, y: 190 }, 200, -1],
  ['too short', { x: 160, y: 200 }, 200, null],
  ['too slow', { x: 100, y: 200 }, 900, null],
  ['aslant', { x: 100, y: 280 }, 200, null],
  ['down', { x: 200, y: 400 }, 200, null],
])('%s', (_, to, ms, way) => expect(swipeOf(from, to, ms)).toBe(way));
