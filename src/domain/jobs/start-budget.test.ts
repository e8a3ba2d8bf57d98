import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startBudget } from './start-budget.ts';

const CEILING = 600_000;
const FLOOR = 120_000;

test.each<[string, number[], number, number]>([
  ['nothing seen yet: all the time there is', [], CEILING, CEILING],
  ['too little seen', [1000, 1000, 1000, 1000], CEILING, CEILING],
  ['warm replicas: the floor', [300, 400, 500, 600, 700], CEILING, FLOOR],
  ['cold starts of half a minute: the floor is four times that', [1000, 1000, 1000, 1000, 30_000], CEILING, FLOOR],
  ['cold starts of a minute: four times the slowest', [1000, 60_000, 2000, 2000, 2000], CEILING, 240_000],
  ['cold starts of five minutes: the ceiling', [300_000, 1, 1, 1, 1], CEILING, CEILING],
  ['an operator who sets less than the floor gets less', [1, 1, 1, 1, 1], 5000, 5000],
])('%s', (_, seen, ceiling, budget) => expect(startBudget(seen, { floorMs: FLOOR, ceilingMs: ceiling })).toBe(budget));

test('never over the ceiling, and what was seen would have been in time wherever the ceiling allows it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000), { maxLength: 20 }),
      fc.integer({ min: 1000, max: 3_600_000 }),
      (seen, ceiling) => {
        const budget = startBudget(seen, { floorMs: FLOOR, ceilingMs: ceiling });
        expect(budget).toBeLessThanOrEqual(ceiling);
        expect(budget).toBeGreaterThanOrEqual(Math.min(ceiling, Math.max(0, ...seen)));
      },
    ),
  );
});
