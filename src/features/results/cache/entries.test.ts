import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, inOrder, knownIds, leavesGap, proportion, withEntries, withoutEntries } from './entries.ts';

const entry = (at: number, id = `r${at}`): Entry => ({ id, jobId: `j${at}`, familyId: `j${at}`, at, ratio: 1 });
const page = (times: readonly number[], nextCursor: string | null = null) => ({
  entries: times.map((at) => entry(at)),
  nextCursor,
});
const times = (pages: readonly { entries: readonly Entry[] }[]) =>
  pages.map(({ entries }) => entries.map(({ at }) => at));

describe('withEntries', () => {
  test.each([
    ['new ones go in front', [[3, 2], [1]], [5, 4], [[5, 4, 3, 2], [1]]],
    [
      'a late one goes where it belongs',
      [
        [5, 3],
        [2, 1],
      ],
      [4],
      [
        [5, 4, 3],
        [2, 1],
      ],
    ],
    ['what is known is not doubled', [[2, 1]], [2], [[2, 1]]],
    ['the first of all', [[]], [2, 1], [[2, 1]]],
    ['the oldest of all', [[3, 2]], [1], [[3, 2, 1]]],
  ])('%s', (_, before, added, after) => {
    expect(
      times(
        withEntries(
          before.map((of) => page(of)),
          added.map((at) => entry(at)),
        ),
      ),
    ).toEqual(after);
  });

  test('what is older than all that was read comes with its page', () => {
    const pages = [page([5, 4], 'more')];
    expect(withEntries(pages, [entry(1)])).toEqual(pages);
  });

  test('in any order of arrival the list is in order and complete', () => {
    const arrivals = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
    fc.assert(
      fc.property(arrivals, arrivals, (first, later) => {
        const start = [{ entries: first.map((at) => entry(at)).sort(inOrder), nextCursor: null }];
        const pages = later.reduce<ReturnType<typeof withEntries>>((list, at) => withEntries(list, [entry(at)]), start);
        const all = pages.flatMap(({ entries }) => entries);
        expect(all).toEqual([...all].sort(inOrder));
        expect(knownIds(pages)).toEqual(new Set([...first, ...later].map((at) => `r${at}`)));
      }),
    );
  });
});

test('what is taken out is gone, and pages without it stay the same objects', () => {
  const pages = [page([4, 3]), page([2, 1])];
  const after = withoutEntries(pages, new Set(['r3']));
  expect(times(after)).toEqual([[4], [2, 1]]);
  expect(after[1]).toBe(pages[1]);
  expect(withoutEntries(pages, new Set(['other']))).toBe(pages);
});

test('a gap is detected', () => {
  expect(leavesGap([page([3, 2])], page([9, 8], 'more'))).toBe(true);
  expect(leavesGap([page([3, 2])], page([4, 3], 'more'))).toBe(false);
  expect(leavesGap([page([3, 2])], page([9, 8]))).toBe(false);
  expect(leavesGap([page([])], page([9, 8], 'more'))).toBe(false);
});

test('what is not a picture, or has no known size, gets a card', () => {
  expect(proportion({ kind: 'audio', width: 10, height: 1 })).toBe(4 / 3);
  expect(proportion({ kind: 'image', width: null, height: null })).toBe(4 / 3);
  expect(proportion({ kind: 'image', width: 768, height: 512 })).toBe(1.5);
});
