import { expect, test } from 'vitest';
import { byDay, dayName } from './days.ts';

const at = (...parts: [number, number, number, number?]): string => new Date(...parts).toISOString();

test('days are those of the local calendar, in the order given', () => {
  const items = [
    { id: 'c', createdAt: at(2026, 10, 23, 0) },
    { id: 'b', createdAt: at(2026, 10, 22, 23) },
    { id: 'a', createdAt: at(2026, 10, 22, 1) },
  ];
  expect(byDay(items).map(({ key, items }) => [key, items.map(({ id }) => id).join('')])).toEqual([
    ['2026-11-23', 'c'],
    ['2026-11-22', 'ba'],
  ]);
});

test.each([
  ['2026-03-01', 'Today'],
  ['2026-02-28', 'Yesterday'],
  ['2026-02-27', 'Friday 27 February'],
  ['2025-12-31', 'Wednesday 31 December 2025'],
])('%s is called %s', (key, name) => {
  expect(dayName(key, new Date(2026, 2, 1, 0, 5))).toBe(name);
});
