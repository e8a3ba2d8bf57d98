import { expect, test } from 'vitest';
import { backupIsDue, backupName, isBackupName, pooledAs, tooMany } from './backup.ts';

test('a backup is named after its time, so that names sort as times do', () => {
  const names = [0, 999, 1_700_000_000_123, 4_000_000_000_000].map(backupName);
  expect(names).toEqual([
    '1970-01-01T00-00-00Z',
    '1970-01-01T00-00-00Z',
    '2023-11-14T22-13-20Z',
    '2096-10-02T07-06-40Z',
  ]);
  expect(names.every(isBackupName)).toBe(true);
  expect([...names].sort()).toEqual(names);
});

test.each(['files', '.making-2023-11-14T22-13-20Z', '2023-11-14T22-13-20Z.old', '2023-11-14', ''])(
  '%j is no backup',
  (name) => expect(isBackupName(name)).toBe(false),
);

test.each([
  [[], 2, []],
  [['b', 'a'], 2, []],
  [['c', 'a', 'd', 'b'], 2, ['a', 'b']],
  [['a', 'b'], 1, ['a']],
])('of %j, %i kept: %j go', (names, keep, gone) => expect(tooMany(names, keep)).toEqual(gone));

test.each([
  [null, true],
  [1000, false],
  [900, true],
  [2001, true],
])('newest at %j, every 1000 ms, now 1900: due %s', (newestAt, due) =>
  expect(backupIsDue(newestAt, 1000, 1900)).toBe(due),
);

test('the pool is spread over folders', () =>
  expect(pooledAs(`ab${'0'.repeat(62)}`)).toBe(`files/ab/ab${'0'.repeat(62)}`));
