import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONG, planChaos, SHORT } from './plan.ts';

const seed = fc.integer({ min: 0, max: 1e9 });

describe('the plan', () => {
  test('is the same for the same seed, and another for another', () => {
    fc.assert(
      fc.property(seed, (one) => {
        expect(planChaos(one, LONG)).toEqual(planChaos(one, LONG));
      }),
      { numRuns: 5 },
    );
    expect(planChaos(1, SHORT)).not.toEqual(planChaos(2, SHORT));
  });

  test('has every job once, its own picture for each, and every participant with work', () => {
    fc.assert(
      fc.property(seed, fc.constantFrom(LONG, SHORT), (one, size) => {
        const { jobs } = planChaos(one, size);
        expect(new Set(jobs.map(({ serial }) => serial)).size).toBe(size.jobs);
        expect(new Set(jobs.map(({ owner }) => owner)).size).toBe(size.people);
      }),
      { numRuns: 8 },
    );
  });

  test('nothing waits for more jobs to end than can have ended by then', () => {
    fc.assert(
      fc.property(seed, fc.constantFrom(LONG, SHORT), (one, size) => {
        const { jobs, faults } = planChaos(one, size);
        // Owners submit one after the other, and each job waits for fewer ends than there are jobs before it.
        for (const [index, { due }] of jobs.entries())
          expect(due).toBeLessThanOrEqual(Math.max(0, index - size.people));
        for (const { at } of faults.flat()) expect(at).toBeLessThan(size.jobs);
      }),
      { numRuns: 8 },
    );
  });

  test('has as many faults of each kind as were asked for, in order', () => {
    const { faults } = planChaos(3, LONG);
    const counts: Record<string, number> = {};
    for (const { fault } of faults.flat()) counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    expect(counts).toEqual(LONG.faults);
    for (const group of faults)
      expect(group.map(({ at }) => at)).toEqual(group.map(({ at }) => at).sort((a, b) => a - b));
  });
});
