import { describe, expect, test } from 'vitest';
import { leftWords, possibleSteps, type QueueState, type QueueStep, queueWords, stepWords } from './queue-words.ts';

const running: QueueState = { intake: 'open', dispatch: 'running', waiting: 3 };
const draining: QueueState = { ...running, intake: 'paused' };
const paused: QueueState = { ...running, dispatch: 'paused' };
const closed: QueueState = { ...paused, intake: 'paused' };

describe('the queue', () => {
  test.each([
    [running, 'Sending jobs to GPUs', ''],
    [draining, 'Draining: queued jobs run, new jobs are rejected', 'New jobs are rejected.'],
    [{ ...draining, waiting: 0 }, 'Closed: the queue is empty', 'New jobs are rejected.'],
    [paused, 'Paused: no jobs are sent to GPUs', 'New jobs are queued.'],
    [closed, 'Paused: no jobs are sent to GPUs', 'New jobs are rejected.'],
  ])('%j in words', (state, sent, taken) => {
    expect(queueWords(state)).toEqual({ sent, taken });
  });

  const [soon, later] = [
    { lowMs: 180_000, highMs: 300_000 },
    { lowMs: 540_000, highMs: 600_000 },
  ];
  test.each([
    [running, 7, { onGpus: soon, all: later }, '7 on GPUs, 3 queued, 9 to 10 min'],
    [paused, 7, { onGpus: soon, all: null }, '7 on GPUs, 3 to 5 min'],
    [draining, 0, { onGpus: null, all: null }, '3 queued'],
    [{ ...draining, waiting: 0 }, 2, { onGpus: null, all: null }, '2 on GPUs'],
    [paused, 0, { onGpus: soon, all: soon }, null],
    [{ ...running, waiting: 0 }, 0, { onGpus: soon, all: soon }, null],
  ])('%j with %i on GPUs: what is left', (state, inFlight, left, words) => {
    expect(leftWords(state, inFlight, left)).toBe(words);
  });

  /** What the server does with each step. */
  const after = (state: QueueState, step: QueueStep): QueueState => {
    switch (step) {
      case 'resume':
        return { ...state, intake: 'open', dispatch: 'running' };
      case 'pause':
        return { ...state, dispatch: 'paused' };
      case 'close':
        return { ...state, intake: 'paused', dispatch: 'paused' };
      case 'drain':
        return { ...state, intake: 'paused', dispatch: 'running' };
    }
  };

  test.each([running, draining, paused, closed])('from %j exactly those steps are offered that change it', (state) => {
    const steps: QueueStep[] = ['resume', 'pause', 'drain', 'close'];
    const changing = steps.filter((step) => {
      const next = after(state, step);
      return next.intake !== state.intake || next.dispatch !== state.dispatch;
    });
    const offered = possibleSteps(state);
    // Closing what is draining would be pausing it: one name for that is enough.
    expect(offered).toEqual(changing.filter((step) => !(step === 'close' && state === draining)));
    const names = offered.map((step) => stepWords(step, state).name);
    expect(new Set(names).size).toBe(names.length);
    for (const step of offered) expect(stepWords(step, state).does).not.toBe('');
  });

  test('no name contains another, so that each can be found by its name', () => {
    for (const state of [running, draining, paused, closed]) {
      const names = possibleSteps(state).map((step) => stepWords(step, state).name);
      for (const name of names) expect(names.filter((other) => other.includes(name))).toEqual([name]);
    }
  });
});
