import { expect, test } from 'vitest';
import { foundWords } from './orphaned-files.tsx';

const file = { bytes: 1_500_000 };

test.each([
  [{ files: [], more: false }, 'No orphaned files.'],
  [{ files: [file], more: false }, '1 file, 1.5 MB.'],
  [{ files: [file, file], more: true }, '2 files, 3.0 MB. There are more: remove these and scan again.'],
  [{ files: [], more: true }, 'No orphaned files in the folders scanned so far; there are more folders.'],
])('%j', (found, words) => {
  expect(foundWords(found)).toBe(words);
});
