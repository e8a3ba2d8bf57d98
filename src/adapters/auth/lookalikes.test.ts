import { expect, test } from 'vitest';
import { appearanceOf } from './lookalikes.ts';

test.each([
  ['Teacher', 'Te\u0430cher', true],
  ['Teacher', '\u0422eacher', true],
  ['Olga', '\u041elga', true],
  ['Bill', 'BiIl', true],
  ['Anna Lee', 'AnnaLee', true],
  ['Anna', 'Hanna', false],
  ['Анна', 'Anna', false],
  ['小津', '大津', false],
  ['Zoë', 'Zoe', false],
])('%s looks like %s: %s', (a, b, same) => expect(appearanceOf(a) === appearanceOf(b)).toBe(same));
