import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayOf } from '#src/ui/time/days.ts';
import type { Entry } from '../cache/entries.ts';
import { dayGrouping } from './group-days.ts';
import { type GridRow, gridLayout, stackId } from './layout.ts';
import { between, placeOf, step, successor } from './places.ts';

const NOON = new Date(2026, 10, 23, 12).getTime();
const DAY = 86_400_000;

/** "a1" is the take "a1" of the job "a", and "ab1" of the job "ab", a version of "a"; the first stands first, the newest. */
const ofId = (id: string) => ({ id, jobId: id.replace(/\d+$/, ''), familyId: id.slice(0, 1) });
const entries = (ids: string, day = 0): Entry[] =>
  ids
    .split(' ')
    .filter(Boolean)
    .map((id, i) => ({ ...ofId(id), at: NOON - day * DAY - i * 1000, ratio: 1.5 }));
const shape = { width: 1000, target: 220, gap: 8, together: false, open: new Set<string>() };
const words = (rows: readonly GridRow[]): string[] =>
  rows.map((row) =>
    row.type === 'day'
      ? `# ${row.count ?? '?'}`
      : row.tiles
          .map(({ entry, stack, take }) =>
            take === 0 && stack.takes.length > 1 ? `${entry.id}×${stack.takes.length}` : entry.id,
          )
          .join(' '),
  );

function grid() {
  const group = dayGrouping();
  const layOut = gridLayout();
  return (pages: readonly Entry[][], more = false, change: Partial<typeof shape> = {}): readonly GridRow[] =>
    layOut(
      group(pages.map((of, i) => ({ entries: of, nextCursor: more || i < pages.length - 1 ? 'more' : null }))),
      more,
      { ...shape, ...change },
    );
}
/** In front of the others, as they arrive. */
const arrive = (ids: string, before: readonly Entry[]): Entry[] => [
  ...ids.split(' ').map((id, i, all) => ({ ...ofId(id), at: NOON + (all.length - i) * 1000, ratio: 1.5 })),
  ...before,
];

describe('rows', () => {
  test('every day has its open row at its end', () => {
    expect(words(grid()([[...entries('a b c d e f g'), ...entries('h i j k', 1)]]))).toEqual([
      '# 7',
      'a b c',
      'd e f',
      'g',
      '# 4',
      'h i j',
      'k',
    ]);
  });

  test('whatever is shown at first or in a new size, there is no gap but at the end of a day', () => {
    const ratio = fc.double({ min: 0.4, max: 4, noNaN: true });
    const days = fc.array(fc.array(fc.tuple(ratio, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 3,
    });
    const sizes = fc.array(fc.integer({ min: 400, max: 1600 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        days,
        sizes,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 3 }),
        (of, widths, together, more, came) => {
          const all = of.flatMap((day, d) =>
            day.map(
              ([ratio, job], i): Entry => ({
                id: `${d}-${i}`,
                jobId: `${d}-${job}`,
                familyId: `${d}-${job}`,
                at: NOON - d * DAY - i * 1000,
                ratio,
              }),
            ),
          );
          const lay = grid();
          for (const width of widths) {
            // What comes while one size is shown has its place in the next.
            lay([all.slice(came)], more, { width, together });
            const rows = lay([all], more, { width: width + 1, together });
            for (const [at, row] of rows.entries()) {
              const isLastOfDay = rows[at + 1]?.type !== 'tiles';
              if (row.type === 'tiles' && !isLastOfDay)
                expect(row.tiles.reduce((sum, tile) => sum + tile.width + 8, -8)).toBe(width + 1);
            }
          }
        },
      ),
    );
  });

  test('a newest day of one row grows at its front', () => {
    const lay = grid();
    const first = entries('a b');
    expect(words(lay([first]))).toEqual(['# 2', 'a b']);
    expect(words(lay([arrive('x y', first)]))).toEqual(['# 4', 'x', 'y a b']);
  });

  test('arrivals move no row that was there, neither do older pages', () => {
    const lay = grid();
    const first = entries('a b c d');
    const before = lay([first], true);
    expect(words(before)).toEqual(['# ?', 'a b c', 'd']);
    const after = lay([arrive('x y', first)], true);
    expect(words(after)).toEqual(['# ?', 'x y', 'a b c', 'd']);
    expect(words(lay([arrive('x y', first), entries('e f', 1)]))).toEqual(['# 6', 'x y', 'a b c', 'd', '# 2', 'e f']);
  });

  test('they stay where they are when the first one that was seen is moved to the trash', () => {
    const lay = grid();
    const first = entries('a b c d e');
    lay([first], true);
    expect(words(lay([arrive('x', first.slice(1))], true))).toEqual(['# ?', 'x', 'b c d', 'e']);
  });

  test('days of which nothing changed are the same rows', () => {
    const group = dayGrouping();
    const layOut = gridLayout();
    const [today, old] = [entries('a b'), { entries: entries('c d', 1), nextCursor: null }];
    const before = layOut(group([{ entries: today, nextCursor: 'more' }, old]), false, shape);
    const after = layOut(group([{ entries: arrive('x', today), nextCursor: 'more' }, old]), false, shape);
    expect(after.at(-1)).toBe(before.at(-1));
    expect(after[1]).not.toBe(before[1]);
  });
});

describe('stacks', () => {
  const together = { together: true };
  test('takes of a job are one tile, the oldest on top, where the newest one stands', () => {
    expect(words(grid()([entries('a2 b1 a1 c1')], true, together))).toEqual(['# ?', 'a1×2 b1 c1']);
  });

  test('one more take joins its stack and moves nothing', () => {
    const lay = grid();
    const first = entries('b1 a1 c1');
    lay([first], true, together);
    expect(words(lay([arrive('a2', first)], true, together))).toEqual(['# ?', 'b1 a1×2 c1']);
  });

  test('takes that arrive together pile up where the first of them came', () => {
    const lay = grid();
    const first = entries('b1');
    lay([first], true, together);
    expect(words(lay([arrive('d1 c2 c1', first)], true, together))).toEqual(['# ?', 'd1 c1×2', 'b1']);
  });

  test('versions of a job are one tile, the newest version on top', () => {
    expect(words(grid()([entries('ac2 ac1 b1 ab1 a1')], true, together))).toEqual(['# ?', 'ac1×4 b1']);
  });

  test('versions that arrive pile up in front and move nothing; laid out anew they join the others', () => {
    const lay = grid();
    const first = entries('b1 a1 c1');
    lay([first], true, together);
    const later = arrive('ad1 ac1', first);
    expect(words(lay([later], true, together))).toEqual(['# ?', 'ad1×2', 'b1 a1 c1']);
    expect(words(grid()([later], true, together))).toEqual(['# ?', 'ad1×3 b1 c1']);
  });

  test('an open one shows its takes in its place', () => {
    const all = entries('b1 a2 a1 c1');
    const lay = grid();
    const stack = lay([all], true, together).flatMap((row) => (row.type === 'tiles' ? row.tiles : []))[1]?.stack;
    const open = new Set([stackId(dayOf(NOON), stack!)]);
    const rows = lay([all], true, { together: true, open });
    expect(words(rows)).toEqual(['# ?', 'b1 a2 a1', 'c1']);
    expect(rows.flatMap((row) => (row.type === 'tiles' ? row.tiles.map(({ take }) => take) : []))).toEqual([
      0, 2, 1, 0,
    ]);
  });
});

describe('places', () => {
  const rows = grid()([[...entries('a b c d e f g'), ...entries('h i j k', 1)]]);
  const go = (id: string, key: string): string | undefined => {
    const to = step(rows, placeOf(rows, id)!, key, 8);
    const row = to && rows[to.row];
    return row?.type === 'tiles' ? row.tiles[to!.column]?.entry.id : undefined;
  };
  test.each([
    ['b', 'ArrowRight', 'c'],
    ['d', 'ArrowRight', 'e'],
    ['g', 'ArrowRight', 'h'],
    ['h', 'ArrowLeft', 'g'],
    ['c', 'ArrowDown', 'f'],
    ['f', 'ArrowDown', 'g'],
    ['k', 'ArrowUp', 'h'],
    ['a', 'ArrowLeft', undefined],
    ['k', 'ArrowRight', undefined],
    ['e', 'Home', 'a'],
    ['e', 'End', 'k'],
    ['e', 'q', undefined],
  ])('from %s, %s leads to %s', (from, key, to) => expect(go(from, key)).toBe(to));

  test('a range holds all between, whichever end comes first', () => {
    expect(between(rows, 'c', 'f')).toEqual(['c', 'd', 'e', 'f']);
    expect(between(rows, 'f', 'c')).toEqual(['c', 'd', 'e', 'f']);
  });

  test.each([
    ['c', 'a b d e', 'd'],
    ['e', 'a b', 'b'],
  ])('when %s goes, of "%s" the focus is for %s', (gone, left, next) => {
    const now = grid()([entries(left)]);
    expect(successor(rows, gone, now)).toEqual(placeOf(now, next));
  });
});
