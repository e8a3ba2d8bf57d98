import { describe, expect, test } from 'vitest';
import { REASONS } from '#src/domain/job.ts';
import { PHASES } from '#src/domain/phase.ts';
import { reasonSentence } from '#src/domain/reasons.ts';
import { isHeldUp, phaseWords } from './phase-words.ts';

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
    [{ ...job, phase: 'delivering', reason: 'storage_full' }, 'Waiting for room'],
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

  test.each(REASONS)('failed, %s: headline and sentence say the same thing once', (reason) => {
    const message = reasonSentence(reason, { attempts: 3, node: 'KSampler', cause: 'no model', minutes: 30 });
    const { words, detail } = phaseWords({ ...job, phase: 'failed', reason, message }, at);
    expect(words).not.toBe('');
    expect(detail ?? '').not.toContain(words);
    expect(message.endsWith(detail ?? '')).toBe(true);
  });

  const failed = { ...job, phase: 'failed', reason: 'lost', message: null } as const;

  test.each([
    ['lost', 'The GPU went away in the middle. We tried twice.', 'We tried twice.'],
    ['rejected_by_worker', 'ComfyUI could not use this workflow. KSampler: no model', 'KSampler: no model'],
    ['invalid_graph', 'ComfyUI could not use this workflow: KSampler – no model.', 'KSampler – no model.'],
    ['invalid_graph', 'ComfyUI could not use this workflow.', null],
    ['lost', 'The GPU went away in the middle of the night.', 'The GPU went away in the middle of the night.'],
    ['timed_out', 'Stopped after 30 min without finishing.', 'Stopped after 30 min without finishing.'],
    ['lost', null, null],
  ] as const)('%s, %j', (reason, message, detail) => {
    expect(phaseWords({ ...failed, reason, message }, at).detail).toBe(detail);
  });

  test('what did arrive is told, once', () => {
    const some = { ...failed, message: 'Stopped.', results: [1] };
    expect(phaseWords(some, at).detail).toBe('Stopped. 1 file arrived before.');
    expect(phaseWords({ ...some, message: null }, at).detail).toBe('1 file arrived before.');
    expect(phaseWords({ ...some, reason: 'incomplete' }, at).detail).toBe('Stopped.');
  });

  test.each([
    [{ position: 1 }, 'Next when the queue goes on.'],
    [{ position: 3, attempts: 1 }, '3rd in line when the queue goes on.'],
    [{ position: null }, 'Your job keeps its place.'],
  ])('paused, %j', (some, detail) => {
    expect(phaseWords({ ...job, ...some }, at, true)).toEqual({ words: 'Paused by the teacher', detail });
    expect(phaseWords({ ...job, ...some, phase: 'rendering' }, at, true).words).toBe('Rendering · 1:12');
  });

  test.each(['sent', 'waking', 'rendering'] as const)('%s again says so', (phase) => {
    expect(phaseWords({ ...job, phase, attempts: 2 }, at).detail).toMatch(/^Trying again \(2nd try\)/);
    expect(`${phaseWords({ ...job, phase, attempts: 1 }, at).detail}`).not.toMatch(/again/);
  });

  test('files that wait for room say so in the words of the server', () => {
    const held = {
      ...job,
      phase: 'delivering',
      reason: 'storage_full',
      message: 'There is no room here yet.',
    } as const;
    expect(phaseWords(held, at).detail).toBe('There is no room here yet.');
    expect(isHeldUp(held)).toBe(true);
    expect(isHeldUp({ ...held, phase: 'failed' })).toBe(false);
  });

  test.each(PHASES)('%s has words', (phase) => {
    expect(phaseWords({ ...job, phase }, at).words).not.toBe('');
  });
});
