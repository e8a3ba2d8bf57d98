import { describe, expect, test } from 'vitest';
import { mergeNewest } from './newest.ts';

const page = (ids: string, nextCursor: string | null = null) => ({ items: [...ids].map((id) => ({ id })), nextCursor });
const ids = (merged: ReturnType<typeof mergeNewest<{ id: string }>>): string[] | undefined =>
  merged?.pages.map(({ items }) => items.map(({ id }) => id).join(''));

describe('mergeNewest', () => {
  test.each([
    ['new ones go in front', ['cb', 'a'], 'edc', ['edcb', 'a'], 2],
    ['nothing new changes nothing', ['cb', 'a'], 'cb', ['cb', 'a'], 0],
    ['the first results of all', [''], 'ba', ['ba'], 2],
    ['a late one between known ones still shows', ['ca'], 'cba', ['bca'], 1],
  ] as const)('%s', (_, before, fresh, after, arrived) => {
    const merged = mergeNewest(
      before.map((of) => page(of)),
      page(fresh),
    );
    expect(ids(merged)).toEqual(after);
    expect(merged?.arrived).toBe(arrived);
  });

  test('the cursors of older pages stay', () => {
    expect(
      mergeNewest([page('b', 'at-b'), page('a', 'at-a')], page('cb', 'x'))?.pages.map((p) => p.nextCursor),
    ).toEqual(['at-b', 'at-a']);
  });

  test('a gap is told, never papered over', () => {
    expect(mergeNewest([page('b'), page('a')], page('zy', 'at-y'))).toBeNull();
  });

  test('a list without older ones is all there is', () => {
    expect(ids(mergeNewest([page('b'), page('a')], page('zy')))).toEqual(['zy']);
    expect(ids(mergeNewest([page('b')], page('')))).toEqual(['']);
  });
});
