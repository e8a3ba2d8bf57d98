import { expect, test } from 'vitest';
import { columnsFor } from './layout.ts';

const desk = { width: 1440, height: 800 };
const phone = { width: 390, height: 600 };

test.each([
  [2, 16 / 9, desk, 2],
  [2, 16 / 9, phone, 1],
  [2, 9 / 16, phone, 2],
  [3, 2 / 3, desk, 3],
  [4, 16 / 9, desk, 2],
  [4, 2.4, desk, 2],
  [4, 9 / 16, desk, 4],
  [3, 16 / 9, phone, 1],
])('%s of %s in %j: %s columns', (count, ratio, room, columns) =>
  expect(columnsFor(count, ratio, room, 2)).toBe(columns),
);
