import { describe, expect, test } from 'vitest';
import { REASONS } from '../jobs/job.ts';
import { PHASES } from '../jobs/phase.ts';
import { isHeldUp, phaseWords } from './phase-words.ts';
import { reasonSentence } from './reasons.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const later = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const job = {
  phase: 'waiting',
  phaseSince: later(0),
  wake: null,
  position: null,
  createdAt: later(0),
  startedAt: null,
  endedAt: null,
  attempts: 0,
  reason: null,
  message: null,
  estimate: null,
  lastLoss: null,
  busyUntil: null,
  progress: null,
  live: null,
  results: [],
} as const;

const at = START + 72_000;
const seconds = (low: number, high: number) => ({ lowMs: low * 1000, highMs: high * 1000 });
const UNSEEN = 'This GPU’s ComfyUI is too old to stop a running job: it keeps running in the background.';
const sampling = (endsAt: string | null) => ({
  node: { id: '3', label: 'KSampler', classType: 'KSampler', isLoader: false },
  step: { value: 3, max: 8, endsAt },
  done: 1,
  nodes: 6,
});
const files = (...kinds: ('image' | 'video')[]) => kinds.map((kind) => ({ kind }));
const loss = { reason: 'lost', message: 'The GPU was lost; trying again (2 of 3).' } as const;

describe('phaseWords', () => {
  test.each([
    [{ ...job }, 'Queued'],
    [{ ...job, position: 1 }, 'Next'],
    [{ ...job, position: 3 }, '3rd in queue'],
    [{ ...job, position: 3, estimate: seconds(172, 212) }, '3rd in queue · 1½ to 2½ min'],
    [{ ...job, position: 1, estimate: seconds(80, 90) }, 'Next · 10 to 20 s'],
    [{ ...job, position: 1, estimate: seconds(20, 60) }, 'Next'],
    [{ ...job, estimate: seconds(172, 212) }, 'Queued'],
    [{ ...job, phase: 'sent', attempts: 1 }, 'Starting · 1:12'],
    [{ ...job, phase: 'waking', phaseSince: later(30), attempts: 1 }, 'Starting a GPU · 0:42'],
    [{ ...job, phase: 'rendering', phaseSince: later(60) }, 'Rendering · 0:12'],
    [{ ...job, phase: 'delivering' }, 'Saving'],
    [{ ...job, phase: 'delivering', reason: 'storage_full' }, 'Waiting for disk space'],
    [{ ...job, phase: 'delivering', reason: 'storage_unavailable' }, 'Waiting for the storage'],
    [{ ...job, phase: 'done', startedAt: later(105), endedAt: later(185) }, 'Done in 3:05 (1:20 rendering)'],
    [{ ...job, phase: 'done', endedAt: later(185) }, 'Done in 3:05'],
    [{ ...job, phase: 'failed', reason: 'timed_out' }, 'Took too long'],
    [{ ...job, phase: 'cancelled', reason: 'cancelled' }, 'Cancelled'],
  ] as const)('%j', (given, words) => {
    expect(phaseWords(given, at).words).toBe(words);
  });

  const rendering = { ...job, phase: 'rendering' } as const;
  test.each([
    [{ ...job, position: 3 }, null],
    [{ ...job, position: 1, busyUntil: later(77) }, 'The GPUs are busy; starts in about 5 s'],
    [{ ...job, position: 1, busyUntil: later(312) }, 'The GPUs are busy; starts in about 4 min'],
    [{ ...job, position: 3, busyUntil: later(77) }, 'The GPUs are busy'],
    [{ ...job, position: 1, busyUntil: later(72) }, null],
    [{ ...job, phase: 'sent' }, null],
    [{ ...job, phase: 'waking' }, 'can take a few minutes'],
    [{ ...job, phase: 'waking', estimate: seconds(120, 235) }, 'usually 2 to 4 min'],
    [{ ...job, phase: 'waking', wake: 'image_pulling' }, 'downloading ComfyUI · can take a few minutes'],
    [
      { ...job, phase: 'waking', wake: 'initializing', estimate: seconds(120, 235) },
      'starting ComfyUI · usually 2 to 4 min',
    ],
    [{ ...job, phase: 'waking', estimate: seconds(40, 60) }, 'usually 40 to 60 s'],
    [{ ...job, phase: 'waking', estimate: seconds(20, 40) }, 'longer than usual (20 to 40 s)'],
    [rendering, null],
    [{ ...rendering, estimate: seconds(70, 80) }, 'usually 70 to 80 s'],
    [{ ...rendering, estimate: seconds(20, 30) }, 'longer than usual (20 to 30 s)'],
    [{ ...rendering, live: sampling(null), estimate: seconds(70, 80) }, 'KSampler: step 3 of 8 · usually 70 to 80 s'],
    [{ ...rendering, live: sampling(later(82)), estimate: seconds(20, 30) }, 'KSampler: step 3 of 8, about 10 s left'],
    [
      { ...rendering, live: sampling(later(70)), estimate: seconds(70, 80) },
      'KSampler: step 3 of 8 · usually 70 to 80 s',
    ],
    [
      {
        ...rendering,
        live: { ...sampling(null), step: null },
        results: files('image'),
        progress: { here: 1, expected: 2 },
      },
      'KSampler · 1 of 2 pictures',
    ],
    [{ ...rendering, results: files('image', 'image') }, '2 pictures ready'],
    [{ ...rendering, results: files('video') }, '1 film ready'],
    [{ ...rendering, results: files('video', 'image') }, '2 files ready'],
    [{ ...rendering, results: files('image'), estimate: seconds(20, 30) }, '1 picture ready · longer than usual'],
    [{ ...rendering, progress: { here: 0, expected: 4 } }, null],
    [
      { ...rendering, results: files('image', 'image'), progress: { here: 2, expected: 4 }, estimate: seconds(70, 80) },
      '2 of 4 pictures · usually 70 to 80 s',
    ],
    [
      { ...rendering, phase: 'delivering', results: files('image'), progress: { here: 1, expected: 2 } },
      '1 of 2 pictures',
    ],
  ] as const)('aside of %j', (given, aside) => {
    expect(phaseWords(given, at).aside).toBe(aside);
  });

  test.each(['waiting', 'sent', 'waking'] as const)('%s again says why', (phase) => {
    expect(phaseWords({ ...job, phase, lastLoss: loss }, at).detail).toBe(loss.message);
    expect(phaseWords({ ...job, phase }, at).detail).toBeNull();
  });

  test('a job that renders does not say why it was tried again', () => {
    expect(phaseWords({ ...rendering, lastLoss: loss }, at).detail).toBeNull();
  });

  test('a clock that is behind the server shows no negative time', () => {
    expect(phaseWords({ ...job, phase: 'sent' }, START - 90_000).words).toBe('Starting · 0:00');
  });

  test.each(REASONS)('failed, %s: headline and sentence say the same thing once', (reason) => {
    const message = reasonSentence(reason, { attempts: 3, node: 'KSampler', cause: 'no model', minutes: 30 });
    const { words, detail } = phaseWords({ ...job, phase: 'failed', reason, message }, at);
    expect(words).not.toBe('');
    expect(detail ?? '').not.toContain(words);
    const own = message.startsWith(`${words}`) ? message.slice(words.length).replace(/^[.:]\s*/, '') : message;
    expect(detail ?? '').toContain(own);
  });

  const failed = { ...job, phase: 'failed', reason: 'lost', message: null } as const;

  test.each([
    ['lost', 'The GPU was lost during rendering. We tried twice.', 'We tried twice.'],
    ['incomplete', 'No files were produced. One is missing', 'One is missing'],
    ['execution_error', 'Stopped by an error: no model.', 'no model.'],
    ['incomplete', 'No files were produced.', null],
    ['incomplete', 'No files were produced in time.', 'No files were produced in time.'],
    ['timed_out', null, null],
    ['incomplete', null, null],
  ] as const)('%s, %j', (reason, message, detail) => {
    expect(phaseWords({ ...failed, reason, message }, at).detail).toBe(detail);
  });

  test.each([
    ['Cancelled.', null],
    [`Cancelled. ${UNSEEN}`, UNSEEN],
    [null, null],
  ])('cancelled: %j', (message, detail) => {
    const given = { ...job, phase: 'cancelled', reason: 'cancelled', message } as const;
    expect(phaseWords(given, at)).toEqual({ words: 'Cancelled', aside: null, detail });
  });

  test('what did arrive is told, once', () => {
    const some = { ...failed, reason: 'execution_error', message: 'Stopped.', results: files('image') } as const;
    expect(phaseWords(some, at).detail).toBe('Stopped. 1 file saved before that.');
    expect(phaseWords({ ...some, message: null }, at).detail).toBe('1 file saved before that.');
    expect(phaseWords({ ...some, reason: 'incomplete' }, at).detail).toBe('Stopped.');
  });

  test.each([
    [{ position: 1 }, 'Next when the queue resumes.'],
    [{ position: 3, estimate: seconds(100, 200) }, '3rd in queue when the queue resumes.'],
    [{ position: null }, 'Your job keeps its place.'],
  ])('paused, %j', (some, aside) => {
    expect(phaseWords({ ...job, ...some }, at, true)).toEqual({ words: 'Paused by the teacher', aside, detail: null });
    expect(phaseWords({ ...job, ...some, phase: 'rendering' }, at, true).words).toBe('Rendering · 1:12');
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
