import { describe, expect, test } from 'vitest';
import { ago, clock, counted, fileSize, ordinal, roughly } from './measures.ts';

describe('measures', () => {
  test.each([
    [-500, '0:00'],
    [0, '0:00'],
    [999, '0:00'],
    [42_000, '0:42'],
    [62_500, '1:02'],
    [599_999, '9:59'],
    [3_600_000, '1:00:00'],
    [3_909_000, '1:05:09'],
  ])('clock of %i ms is %s', (ms, words) => {
    expect(clock(ms)).toBe(words);
  });

  test.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [10, '10th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
    [102, '102nd'],
    [111, '111th'],
  ])('ordinal of %i is %s', (n, words) => {
    expect(ordinal(n)).toBe(words);
  });

  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [9_949, '9.9 KB'],
    [9_950, '10 KB'],
    [812_300, '812 KB'],
    [999_499, '999 KB'],
    [999_500, '1.0 MB'],
    [6_940_000_000, '6.9 GB'],
  ])('size of %i is %s', (bytes, words) => {
    expect(fileSize(bytes)).toBe(words);
  });

  test.each([
    [0.2, '1 s'],
    [20, '20 s'],
    [61, 'about 1 min'],
    [900, 'about 15 min'],
    [7300, 'about 2 h'],
  ])('%f seconds are roughly %s', (seconds, words) => {
    expect(roughly(seconds)).toBe(words);
  });

  test.each([
    [30, 'just now'],
    [60, '1 min ago'],
    [7300, '2 h ago'],
    [86_400, '22 Nov 2026'],
  ])('%i seconds back is %s', (seconds, words) => {
    const now = new Date(2026, 10, 23, 12, 0, 0);
    expect(ago(new Date(now.getTime() - seconds * 1000), now)).toBe(words);
  });

  test('counted speaks in singular and plural', () => {
    expect([counted(1, 'file'), counted(2, 'file'), counted(0, 'copy', 'copies')]).toEqual([
      '1 file',
      '2 files',
      '0 copies',
    ]);
  });
});
