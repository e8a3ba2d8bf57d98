import { expect, test } from 'vitest';
import { byteRange } from './byte-range.ts';

test.each<[string | undefined, number, ReturnType<typeof byteRange>]>([
  [undefined, 100, 'all'],
  ['bytes=0-', 100, { from: 0, to: 100 }],
  ['bytes=10-19', 100, { from: 10, to: 20 }],
  ['bytes=10-999', 100, { from: 10, to: 100 }],
  ['bytes=99-', 100, { from: 99, to: 100 }],
  ['bytes=-10', 100, { from: 90, to: 100 }],
  ['bytes=-999', 100, { from: 0, to: 100 }],
  ['bytes=-0', 100, 'none'],
  ['bytes=100-', 100, 'none'],
  ['bytes=20-10', 100, 'all'],
  ['bytes=0-1,5-6', 100, 'all'],
  ['bytes=-', 100, 'all'],
  ['lines=0-1', 100, 'all'],
  ['bytes=9999999999-', 20_000_000_000, { from: 9_999_999_999, to: 20_000_000_000 }],
])('%s of %i bytes', (header, bytes, range) => expect(byteRange(header, bytes)).toEqual(range));
