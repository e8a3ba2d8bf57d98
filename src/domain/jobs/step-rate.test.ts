import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterStep, lastStepAt, type Steps } from './step-rate.ts';

type Heard = readonly [value: number, max: number, at: number];
const heardOf = (heard: readonly Heard[]): Steps | null =>
  heard.reduce<Steps | null>((steps, [value, max, at]) => afterStep(steps, value, max, at), null);

describe('when the last step is done', () => {
  test.each<[string, Heard[], number | null]>([
    ['nothing was heard but one step', [[1, 20, 1000]], null],
    [
      'one step has no rate: it may have loaded the model',
      [
        [1, 20, 1000],
        [2, 20, 3000],
      ],
      null,
    ],
    [
      'two steps have one',
      [
        [1, 20, 1000],
        [2, 20, 2000],
        [3, 20, 3000],
      ],
      20_000,
    ],
    [
      'not every step is heard',
      [
        [1, 20, 1000],
        [11, 20, 6000],
      ],
      10_500,
    ],
    [
      'the mean of all that was heard',
      [
        [0, 10, 0],
        [2, 10, 1000],
        [4, 10, 4000],
      ],
      10_000,
    ],
    [
      'the last step is done',
      [
        [1, 4, 1000],
        [4, 4, 4000],
      ],
      null,
    ],
    [
      'heard at one moment',
      [
        [1, 4, 1000],
        [3, 4, 1000],
      ],
      null,
    ],
    [
      'a second pass has a rate of its own',
      [
        [1, 9, 1000],
        [9, 9, 9000],
        [1, 9, 9500],
        [2, 9, 9600],
      ],
      null,
    ],
    [
      'another end is another count',
      [
        [1, 9, 1000],
        [5, 9, 5000],
        [6, 40, 6000],
      ],
      null,
    ],
    [
      'a clock that was set back starts anew',
      [
        [1, 9, 5000],
        [5, 9, 9000],
        [7, 9, 2000],
      ],
      null,
    ],
  ])('%s', (_, heard, end) => {
    const steps = heardOf(heard);
    expect(steps && lastStepAt(steps)).toBe(end);
  });

  const messages = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 1e9 })),
    { minLength: 1, maxLength: 30 },
  );
  test('never before what was heard last, never endless, and only from what was heard', () => {
    fc.assert(
      fc.property(messages, (heard) => {
        const steps = heardOf(heard);
        const last = heard.at(-1);
        if (!steps || !last) throw new Error('Something was heard.');
        expect([steps.value, steps.max, steps.at]).toEqual(last);
        expect(heard).toContainEqual([steps.first.value, steps.max, steps.first.at]);
        const end = lastStepAt(steps);
        if (end === null) return;
        expect(end).toBeGreaterThan(steps.at);
        expect(Number.isFinite(end)).toBe(true);
      }),
    );
  });

  test('at an even pace it is exact, from whichever steps were heard', () => {
    const pace = fc.record({
      every: fc.integer({ min: 1, max: 100_000 }),
      max: fc.integer({ min: 4, max: 1000 }),
      heard: fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 }),
    });
    fc.assert(
      fc.property(pace, ({ every, max, heard }) => {
        const values = heard.filter((value) => value < max).sort((a, b) => a - b);
        const steps = heardOf(values.map((value) => [value, max, value * every]));
        const end = steps && lastStepAt(steps);
        const [from = 0, to = 0] = [values[0], values.at(-1)];
        if (to - from < 2) expect(end).toBeNull();
        else expect(end).toBeCloseTo(max * every, 3);
      }),
    );
  });
});
