import { expect, test } from 'vitest';
import { foundWords } from './strays.tsx';

const file = { bytes: 1_500_000 };

test.each([
  [{ strays: [], more: false }, 'There is none: a job explains every file.'],
  [{ strays: [file], more: false }, '1 file, 1.5 MB.'],
  [{ strays: [file, file], more: true }, '2 files, 3.0 MB. There are more; remove these and look again.'],
  [{ strays: [], more: true }, 'The folders that were looked into are empty; there are more.'],
])('%j', (found, words) => {
  expect(foundWords(found)).toBe(words);
});
