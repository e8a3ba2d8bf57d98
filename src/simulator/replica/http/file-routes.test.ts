import { expect, test } from 'vitest';
import { byteRange } from './file-routes.ts';

test.each([
  [undefined, null],
  ['bytes=0-7', { start: 0, end: 7 }],
  ['bytes=90-', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=50-5000', { start: 50, end: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=7-3', 'unsatisfiable'],
  ['bytes=-', null],
  ['lines=1-2', null],
])('range %s of 100 bytes', (header, range) => {
  expect(byteRange(header, 100)).toEqual(range);
});
