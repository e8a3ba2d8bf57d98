import { expect, test } from 'vitest';
import { inputNameOfResult } from './input-name-of-result.ts';

test.each([
  ['shots/boat_00012_.png', 'boat 00012.png'],
  ['boat_00012.mp4', 'boat 00012.mp4'],
  ['a.b_00001_.png', 'a.b 00001.png'],
  ['Füße 雨_00001_.webp', 'Füße 雨 00001.webp'],
  ['plain.png', 'plain.png'],
  ['_00001_.png', ' 00001.png'],
])('%s becomes %s', (filename, name) => expect(inputNameOfResult(filename)).toBe(name));
