import { expect, test } from 'vitest';
import { endOf } from './end-time.ts';

const NOW = new Date(2026, 10, 23, 14, 0, 30).getTime();

test.each([
  ['open', '', null],
  ['15', '', NOW + 900_000],
  ['time', '14:30', new Date(2026, 10, 23, 14, 30).getTime()],
  ['time', '09:05', new Date(2026, 10, 24, 9, 5).getTime()],
  ['time', '14:00', new Date(2026, 10, 24, 14, 0).getTime()],
  ['time', '', null],
] as const)('%s %s', (ends, time, end) => expect(endOf(ends, time, NOW)).toBe(end));
