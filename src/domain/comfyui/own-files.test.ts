import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldersOf, isBelow, OWN_FILES, ownPath, pathClash, tooMuchKept } from './own-files.ts';

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '..',
          '.',
          '',
          'a',
          '%2e%2e',
          '..%2f',
          '\\',
          '..\\..',
          '\0',
          'é',
          '日本',
          '\uD800',
          'x'.repeat(300),
        ),
        fc.string({ unit: 'grapheme' }),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('/')),
);

describe('a path in a person’s own folder', () => {
  test('never leads outside, whatever is asked for, and stays what it is', () => {
    fc.assert(
      fc.property(nasty, (given) => {
        const path = ownPath(given);
        if (path === null) return;
        expect(path.startsWith('/')).toBe(false);
        for (const part of path === '' ? [] : path.split('/')) expect(['', '.', '..']).not.toContain(part);
        expect(/[\p{Cc}\p{Cs}]/u.test(path)).toBe(false);
        expect(ownPath(path)).toBe(path);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['workflows/a.json', 'workflows/a.json'],
    ['workflows//./a.json', 'workflows/a.json'],
    ['workflows/../a.json', 'a.json'],
    ['.', ''],
    ['a\\b', 'a\\b'],
    ['%2e%2e/x', '%2e%2e/x'],
    ['..', null],
    ['a/../../b', null],
    ['/etc/passwd', null],
    ['a\0b', null],
    [`${'x'.repeat(256)}.json`, null],
    ['é'.repeat(128), null],
    ['a/'.repeat(600), null],
  ])('%j is %j', (given, path) => expect(ownPath(given)).toBe(path));
});

test('folders are what stands before a slash', () => {
  expect(foldersOf(['a/b/c.json', 'a/d.json', 'e.json']).sort()).toEqual(['a', 'a/b']);
  expect(isBelow('ab/c', 'a')).toBe(false);
  expect(isBelow('a/c', 'a')).toBe(true);
  expect(isBelow('a', '')).toBe(true);
});

test('a name is a file’s or a folder’s', () => {
  expect(pathClash('a', ['a/b'])?.message).toContain('is a folder');
  expect(pathClash('a/b/c', ['a/b'])?.message).toContain('“a/b” is a file');
  expect(pathClash('ab', ['a/b', 'a'])).toBeNull();
});

describe('how much is kept', () => {
  const had = { files: 3, bytes: OWN_FILES.bytes - 10 };
  test('of one file', () =>
    expect(tooMuchKept('x', OWN_FILES.fileBytes + 1, null, { files: 0, bytes: 0 })?.message).toContain('“x”'));
  test('of one person', () => {
    expect(tooMuchKept('x', 10, null, had)).toBeNull();
    expect(tooMuchKept('x', 11, null, had)?.message).toContain('the limit is');
    expect(tooMuchKept('x', 15, 5, had)).toBeNull();
  });
  test('in number; one that is there may be saved again', () => {
    const full = { files: OWN_FILES.files, bytes: 0 };
    expect(tooMuchKept('x', 1, null, full)?.message).toContain('5000 files');
    expect(tooMuchKept('x', 1, 0, full)).toBeNull();
  });
});
