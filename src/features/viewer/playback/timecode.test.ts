import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameAt, frameCount, middleOf, tidyRate, timecode } from './timecode.ts';

describe('timecode', () => {
  test.each([
    [0, 24, '00:00:00:00'],
    [0.5, 24, '00:00:00:12'],
    [67.5, 24, '00:01:07:12'],
    [3725.04, 25, '01:02:05:01'],
    [1.001, 24000 / 1001, '00:00:01:00'],
    [2, 16, '00:00:02:00'],
    [-1, 24, '00:00:00:00'],
    [67.55, null, '1:07.5'],
    [0.3, null, '0:00.3'],
  ])('%s s at %s', (seconds, fps, text) => expect(timecode(seconds, fps)).toBe(text));
});

const rate = fc.constantFrom(8, 12.5, 16, 24000 / 1001, 24, 25, 29.97, 30, 50, 60);

test('the middle of a frame belongs to it, and so does its beginning', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), rate, (frame, fps) => {
      expect(frameAt(middleOf(frame, fps), fps)).toBe(frame);
      expect(frameAt(frame / fps, fps)).toBe(frame);
    }),
  );
});

test.each([
  [3.0625, 16, 49],
  [0.01, 24, 1],
  [5.0416, 24, 121],
])('%s s at %s are %s frames', (duration, fps, frames) => expect(frameCount(duration, fps)).toBe(frames));

test.each([
  [23.9764, 24000 / 1001],
  [24.0001, 24],
  [16, 16],
  [12.5, 12.5],
  [13.37, 13.37],
])('%s is meant as %s', (measured, meant) => expect(tidyRate(measured)).toBeCloseTo(meant, 6));
