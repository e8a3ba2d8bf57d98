import { describe, expect, test } from 'vitest';
import { PHASES } from '#src/domain/phase.ts';
import { phaseWords } from './phase-words.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const later = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const job = {
  phase: 'waiting',
  phaseSince: later(0),
  position: null,
  createdAt: later(0),
  startedAt: null,
  endedAt: null,
  attempts: 0,
  reason: null,
  message: null,
  results: [],
} as const;

const at = START + 72_000;

describe('phaseWords', () => {
  test.each([
    [{ ...job }, 'In line'],
    [{ ...job, position: 1 }, 'Next'],
    [{ ...job, position: 3 }, '3rd in line'],
    [{ ...job, position: 2, attempts: 1 }, 'Trying again · 2nd in line'],
    [{ ...job, phase: 'sent', attempts: 1 }, 'On its way to a GPU · 1:12'],
    [{ ...job, phase: 'waking', phaseSince: later(30), attempts: 1 }, 'Waking a GPU · 0:42'],
    [{ ...job, phase: 'rendering', phaseSince: later(60) }, 'Rendering · 0:12'],
    [{ ...job, phase: 'rendering', phaseSince: later(60), results: [1, 2] }, 'Rendering · 0:12 · 2 here'],
    [{ ...job, phase: 'delivering' }, 'Bringing it home'],
    [{ ...job, phase: 'done', startedAt: later(105), endedAt: later(185) }, 'Done in 3:05 (1:20 rendering)'],
    [{ ...job, phase: 'done', endedAt: later(185) }, 'Done in 3:05'],
    [{ ...job, phase: 'failed', reason: 'timed_out' }, 'Took too long'],
    [{ ...job, phase: 'cancelled', reason: 'cancelled' }, 'Cancelled'],
  ] as const)('%j', (given, words) => {
    expect(phaseWords(given, at).words).toBe(words);
  });

  test('a clock that is behind the server shows no negative time', () => {
    expect(phaseWords({ ...job, phase: 'sent' }, START - 90_000).words).toBe('On its way to a GPU · 0:00');
  });

  test("a failure passes on the server's sentence and what did arrive", () => {
    const failed = { ...job, phase: 'failed', reason: 'incomplete', message: '2 of 4 files arrived.' } as const;
    expect(phaseWords(failed, at).detail).toBe('2 of 4 files arrived.');
    expect(phaseWords({ ...failed, results: [1] }, at).detail).toBe('2 of 4 files arrived. 1 file arrived before.');
    expect(phaseWords({ ...failed, message: null }, at).detail).toBeNull();
  });

  test.each(PHASES)('%s has words', (phase) => {
    expect(phaseWords({ ...job, phase }, at).words).not.toBe('');
  });
});
