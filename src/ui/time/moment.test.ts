import { expect, test } from 'vitest';
import { moment, shortMoment } from './moment.ts';

const NOW = new Date(2026, 10, 23, 14, 0);

test.each([
  [new Date(2026, 10, 23, 9, 5, 7), '09:05:07'],
  [new Date(2026, 10, 22, 23, 59, 59), '22 Nov, 23:59:59'],
  [new Date(2025, 10, 23, 9, 5, 7), '23 Nov 2025, 09:05:07'],
])('%s is %s', (then, words) => expect(moment(then, NOW)).toBe(words));

test.each([
  [new Date(2026, 10, 23, 9, 5, 7), '09:05'],
  [new Date(2026, 10, 22, 23, 59, 59), '22 Nov, 23:59'],
  [new Date(2025, 10, 23, 9, 5, 7), '23 Nov 2025, 09:05'],
])('%s is %s without seconds', (then, words) => expect(shortMoment(then, NOW)).toBe(words));
