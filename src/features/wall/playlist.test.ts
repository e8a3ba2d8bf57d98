import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { begin, follow, next, previous, showingMs, type Turn } from './playlist.ts';

const walk = (ids: readonly string[], turn: Turn, steps: number): (string | null)[] => {
  const shown: (string | null)[] = [];
  let now = turn;
  for (let step = 0; step < steps; step += 1) {
    now = next(ids, now);
    shown.push(now.current);
  }
  return shown;
};

describe('turns', () => {
  test('go from the newest to the oldest, and around', () => {
    const ids = ['c', 'b', 'a'];
    const turn = begin(ids, null);
    expect([turn.current, ...walk(ids, turn, 4)]).toEqual(['c', 'b', 'a', 'c', 'b']);
    expect(previous(ids, turn).current).toBe('a');
    expect(begin(ids, 'b').current).toBe('b');
    expect(begin(ids, 'gone').current).toBe('c');
  });

  test('arrivals come next, in their order, and the round goes on behind them', () => {
    const turn = next(['c', 'b', 'a'], begin(['c', 'b', 'a'], null));
    expect(walk(['e', 'd', 'c', 'b', 'a'], turn, 4)).toEqual(['d', 'e', 'd', 'c']);
  });

  test('what is taken back goes at once, and the next one takes its place', () => {
    const turn = begin(['c', 'b', 'a'], 'b');
    expect(follow(['c', 'a'], turn).current).toBe('a');
    expect(follow(['c', 'b', 'a'], turn)).toBe(turn);
    expect(follow([], turn).current).toBeNull();
    expect(follow(['z'], begin([], null)).current).toBe('z');
  });

  test('everybody gets a turn, whatever comes and goes', () => {
    const lists = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(lists, (changes) => {
        let turn = begin([], null);
        for (const ids of changes) {
          turn = next(ids, follow(ids, turn));
          expect(turn.current === null ? ids.length : ids.includes(turn.current)).toBe(
            turn.current === null ? 0 : true,
          );
        }
        const last = changes.at(-1) ?? [];
        expect(new Set(walk(last, turn, 2 * last.length))).toEqual(new Set(last));
      }),
    );
  });
});

test.each([
  [{ kind: 'image', duration: null }, 8000],
  [{ kind: 'video', duration: 20 }, 20_000],
  [{ kind: 'video', duration: 3 }, 9000],
  [{ kind: 'video', duration: 8 }, 8000],
  [{ kind: 'video', duration: 600 }, 90_000],
  [{ kind: 'video', duration: null }, 8000],
  [{ kind: 'video', duration: 0 }, 8000],
])('%j is shown for %i ms', (item, ms) => expect(showingMs(item)).toBe(ms));
