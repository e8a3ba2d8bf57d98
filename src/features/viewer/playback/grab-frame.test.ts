import { expect, test } from 'vitest';
import { frameName } from './grab-frame.ts';

test('a frame is called after its film and its time', () => {
  expect(frameName('shots/boat_00001_.mp4', 1.25)).toBe('boat 00001 at 1.25 s.png');
});
