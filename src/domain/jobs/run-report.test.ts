import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ASKING,
  afterMiss,
  afterReport,
  isLost,
  NOTHING_KNOWN,
  pauseAfter,
  questionsToReach,
  type RunReport,
} from './run-report.ts';

describe('what is known of a run', () => {
  test('a replica that has it ends a row of misses', () => {
    const missed = afterMiss(afterMiss(NOTHING_KNOWN, 1000), 2000);
    expect(missed).toMatchObject({ misses: 2, missingSince: 1000, aliveAt: null });
    expect(afterReport(missed, { type: 'pending' }, 3000)).toEqual({ ...NOTHING_KNOWN, aliveAt: 3000 });
    expect(afterReport(missed, { type: 'running' }, 3000)).toEqual({ ...NOTHING_KNOWN, aliveAt: 3000 });
  });

  test('it has started when that was heard, and not when a replica lists it as running', () => {
    const heard = afterReport(NOTHING_KNOWN, { type: 'started' }, 3000);
    expect(heard).toEqual({ ...NOTHING_KNOWN, aliveAt: 3000, hasStarted: true });
    for (const type of ['pending', 'running'] as const)
      expect(afterReport(heard, { type }, 4000)).toEqual({ ...heard, aliveAt: 4000 });
    expect(afterMiss(heard, 4000).hasStarted).toBe(true);
  });

  test('an end is final, whatever is said later', () => {
    const reports = fc.constantFrom<RunReport>(
      { type: 'pending' },
      { type: 'running' },
      { type: 'interrupted' },
      { type: 'success', texts: [] },
    );
    const ended = afterReport(NOTHING_KNOWN, { type: 'success', texts: [] }, 5000);
    fc.assert(
      fc.property(fc.array(fc.option(reports)), (later) => {
        const known = later.reduce(
          (before, report, index) =>
            report === null ? afterMiss(before, 6000 + index) : afterReport(before, report, 6000 + index),
          ended,
        );
        expect(known).toEqual(ended);
      }),
    );
  });

  test('a clock that is set back makes nothing missing for longer', () => {
    const missed = afterMiss(afterMiss(NOTHING_KNOWN, 100_000), 1000);
    expect(missed.missingSince).toBe(1000);
  });
});

describe('lost', () => {
  const missed = (misses: number, since = 0) => ({ ...NOTHING_KNOWN, misses, missingSince: since });
  test.each([
    ['never missed', NOTHING_KNOWN, 3, 1e9, false],
    ['missed often, not for long', missed(1000), 3, ASKING.lostAfterMs - 1, false],
    ['missed for long, not often', missed(31), 3, 1e9, false],
    ['missed often and for long: three replicas, and one more', missed(33), 3, ASKING.lostAfterMs, true],
    ['one replica may be two', missed(13), 1, ASKING.lostAfterMs, false],
    ['one replica: 14 misses', missed(14), 1, ASKING.lostAfterMs, true],
  ])('%s', (_, known, replicas, now, lost) => expect(isLost(known, replicas, now)).toBe(lost));
});

describe('the pace of asking', () => {
  test.each([
    [1, 0, 1000],
    [2, 0, 600],
    [3, 0, 375],
    [8, 0, 200],
    [64, 0, 200],
    [3, 4 * 1024 * 1024, 8000],
    [3, 100 * 1024, 375],
  ])('%i replicas, an answer of %i bytes: %i ms', (replicas, bytes, ms) =>
    expect(Math.round(pauseAfter(replicas, bytes))).toBe(ms),
  );

  test('so many questions leave a replica out with at most that chance, and one fewer with more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (n, chance) => {
        const questions = questionsToReach(n, chance);
        expect((1 - 1 / n) ** questions).toBeLessThanOrEqual(chance * 1.000001);
        expect((1 - 1 / n) ** (questions - 1)).toBeGreaterThan(chance * 0.999999);
      }),
    );
  });
});
