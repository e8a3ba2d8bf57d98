import { describe, expect, test } from 'vitest';
import { dayName, dayOf, nextDay, startOfDay } from './days.ts';

const now = new Date(2026, 10, 23, 15, 30);

test.each([
  ['2026-11-23', 'Today'],
  ['2026-11-22', 'Yesterday'],
  ['2026-11-16', 'Monday 16 November'],
  ['2025-12-31', 'Wednesday 31 December 2025'],
])('%s is %s', (key, name) => expect(dayName(key, now)).toBe(name));

describe('days of this computer’s calendar', () => {
  test('one begins at midnight here and ends where the next begins', () => {
    expect(dayOf(startOfDay('2026-11-23').getTime())).toBe('2026-11-23');
    expect(dayOf(startOfDay('2026-11-24').getTime() - 1)).toBe('2026-11-23');
  });

  test.each([
    ['2026-11-30', '2026-12-01'],
    ['2026-12-31', '2027-01-01'],
    ['2028-02-28', '2028-02-29'],
  ])('after %s comes %s', (day, next) => expect(nextDay(day)).toBe(next));
});
