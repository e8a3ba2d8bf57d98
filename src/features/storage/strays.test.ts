import { expect, test } from 'vitest';
import { foundWords } from './orphaned-files.tsx';

const file = { bytes: 1_500_000 };

test.each([
  [{ strays: [], more: false }, 'No orphaned files.'],
  [{ strays: [file], more: false }, '1 file, 1.5 MB.'],
  [{ strays: [file, file], more: true }, '2 files, 3.0 MB. There are more: remove these and scan again.'],
  [{ strays: [], more: true }, 'No orphaned files in the folders scanned so far; there are more folders.'],
])('%j', (found, words) => {
  expect(foundWords(found)).toBe(words);
});
