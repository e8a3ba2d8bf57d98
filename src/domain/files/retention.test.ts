import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overdue, type Weighed } from './retention.ts';

const result = (id: string, deliveredAt: number, bytes: number, isKept = false): Weighed => ({
  id,
  userId: id.charAt(0),
  deliveredAt,
  bytes,
  isKept,
});
const ids = (going: ReturnType<typeof overdue>): string[] => [...going.values()].flat().map(({ id }) => id);

const films = [result('a1', 10, 5), result('a2', 20, 5, true), result('a3', 30, 5), result('b1', 5, 3)];
test.each([
  ['nothing without a rule', { before: null, maxBytes: null }, []],
  ['what is older', { before: 20, maxBytes: null }, ['a1', 'b1']],
  ['the oldest of too much', { before: null, maxBytes: 10 }, ['a1']],
  ['what is kept stays, and counts', { before: null, maxBytes: 4 }, ['a1', 'a3']],
  ['either', { before: 6, maxBytes: 10 }, ['a1', 'b1']],
])('%s', (_, rules, expected) => {
  expect(ids(overdue(films, rules)).sort()).toEqual(expected);
});

test('what is kept never goes, and what goes is never newer than what stays for its size alone', () => {
  const any = fc.record({
    id: fc.uuid(),
    userId: fc.constantFrom('a', 'b', 'c'),
    bytes: fc.nat(100),
    deliveredAt: fc.nat(1000),
    isKept: fc.boolean(),
  });
  const rules = fc.record({ before: fc.option(fc.nat(1000)), maxBytes: fc.option(fc.nat(500)) });
  fc.assert(
    fc.property(fc.uniqueArray(any, { selector: ({ id }) => id }), rules, (results, rule) => {
      const going = overdue(results, rule);
      for (const [userId, gone] of going) {
        const own = results.filter((one) => one.userId === userId);
        const left = own.filter((one) => !gone.includes(one));
        expect(gone.some(({ isKept }) => isKept)).toBe(false);
        if (rule.before === null)
          for (const one of left.filter(({ isKept }) => !isKept))
            expect(gone.every(({ deliveredAt }) => deliveredAt <= one.deliveredAt)).toBe(true);
        if (rule.maxBytes !== null && left.some(({ isKept }) => !isKept))
          expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(rule.maxBytes);
      }
    }),
  );
});
