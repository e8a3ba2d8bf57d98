import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turns, type Waiting } from './fairness.ts';
import { placeOfNew, shares } from './position.ts';

const USERS = ['a', 'b', 'c', 'd', 'new'] as const;

test('the place of a new job is the one that it then has', () => {
  const waiting = fc
    .array(fc.constantFrom(...USERS), { maxLength: 25 })
    .map((users) =>
      users.map((userId, n): Waiting => ({ jobId: `j${n}`, userId, priority: 0, queuedAt: n, avoid: [] })),
    );
  const lastServed = fc.dictionary(fc.constantFrom(...USERS), fc.nat(3), { noNullPrototype: true });
  fc.assert(
    fc.property(waiting, lastServed, fc.constantFrom(...USERS), (waiting, times, userId) => {
      const lastServed = new Map(Object.entries(times));
      const mine: Waiting = { jobId: 'mine', userId, priority: 0, queuedAt: 1000, avoid: [] };
      const place = turns({ waiting: [...waiting, mine], lastServed }, 'fair').indexOf(mine) + 1;
      expect(
        placeOfNew(shares({ waiting, lastServed }), userId, lastServed.get(userId) ?? Number.NEGATIVE_INFINITY),
      ).toBe(place);
    }),
    { numRuns: 1000 },
  );
});

test('shares count each participant’s jobs and keep the oldest', () => {
  const job = (userId: string, queuedAt: number): Waiting => ({
    jobId: `${userId}${queuedAt}`,
    userId,
    priority: 0,
    queuedAt,
    avoid: [],
  });
  const queue = { waiting: [job('a', 5), job('b', 4), job('a', 3), job('a', 9)], lastServed: new Map([['b', 77]]) };
  expect(Object.fromEntries(shares(queue))).toEqual({
    a: { count: 3, servedAt: Number.NEGATIVE_INFINITY, queuedAt: 3 },
    b: { count: 1, servedAt: 77, queuedAt: 4 },
  });
});
