import { describe, expect, test } from 'vitest';
import { type Facts, findingsOf } from './class-findings.ts';

const MIN = 60_000;
const GB = 1000 ** 3;
const NOW = 1_000_000 * MIN;

const endpoint = (name: string, over: Partial<Facts['endpoints'][number]> = {}): Facts['endpoints'][number] => ({
  id: name.toLowerCase(),
  name,
  enabled: true,
  restsUntil: null,
  closedUntil: null,
  neverStarted: 0,
  ...over,
});
const fine: Facts = {
  now: NOW,
  dispatchPaused: false,
  intakePaused: false,
  waiting: 3,
  onGpus: 2,
  heldUp: 0,
  cutOff: 0,
  endpoints: [endpoint('H200'), endpoint('B300')],
  faults: [],
  disks: [
    { name: 'Share', free: 100 * GB },
    { name: 'Data', free: null },
  ],
  oldestSentAt: NOW - 3 * MIN,
  lastCompletedAt: NOW - MIN,
  usualMs: 2 * MIN,
  hungriest: { name: 'Ben', jobId: 'b1', ms: 2 * MIN },
  medianWaitMs: MIN,
  failed: new Map([['lost', 2]]),
};
const told = (over: Partial<Facts>) => findingsOf({ ...fine, ...over });

test('nothing is said of what is as it should be', () => {
  expect(findingsOf(fine)).toEqual([]);
});

describe('what is not as it should be', () => {
  test.each<[string, Partial<Facts>, boolean, string, object]>([
    ['paused', { dispatchPaused: true }, false, 'The queue is paused: 3 jobs queued.', { type: 'resume' }],
    [
      'paused and closed is one thing',
      { dispatchPaused: true, intakePaused: true, waiting: 1 },
      false,
      'The queue is paused: 1 job queued. New jobs are rejected.',
      { type: 'resume' },
    ],
    ['draining', { intakePaused: true }, false, 'New jobs are rejected; 5 jobs left.', { type: 'resume' }],
    [
      'drained',
      { intakePaused: true, waiting: 0, onGpus: 0 },
      false,
      'New jobs are rejected; all jobs are done.',
      { type: 'resume' },
    ],
    [
      'no endpoint',
      { endpoints: [], waiting: 0 },
      true,
      'No endpoints: nothing can be rendered.',
      { type: 'show endpoints' },
    ],
    [
      'all switched off',
      { endpoints: [endpoint('H200', { enabled: false })] },
      true,
      'All endpoints are disabled: no jobs are sent. 3 jobs queued.',
      { type: 'enable', endpointId: 'h200', name: 'H200' },
    ],
    [
      'one rests',
      { endpoints: [endpoint('H200', { restsUntil: NOW + 3 * MIN }), endpoint('B300')] },
      false,
      'H200 failed and is cooling down for 3 min: jobs go to the other endpoints.',
      { type: 'open', endpointId: 'h200', name: 'H200' },
    ],
    [
      'the only one rests',
      { endpoints: [endpoint('H200', { restsUntil: NOW + 30_000 }), endpoint('B300', { enabled: false })] },
      true,
      'H200 failed and is cooling down for 30 s: no other endpoint is available. 3 jobs queued.',
      { type: 'open', endpointId: 'h200', name: 'H200' },
    ],
    [
      'the only one is closed',
      { endpoints: [endpoint('H200', { closedUntil: NOW + 9 * MIN, restsUntil: NOW + MIN })], waiting: 0 },
      true,
      'H200 is paused for 9 min: no other endpoint is available.',
      { type: 'open', endpointId: 'h200', name: 'H200' },
    ],
    [
      'jobs never began, and there is another',
      { endpoints: [endpoint('H200', { neverStarted: 2 }), endpoint('B300')] },
      true,
      'H200 took 2 jobs recently and never started one. Check its state on the GPU platform.',
      { type: 'disable', endpointId: 'h200', name: 'H200' },
    ],
    [
      'jobs never began on the only one',
      { endpoints: [endpoint('H200', { neverStarted: 2 })] },
      true,
      'H200 took 2 jobs recently and never started one. Check its state on the GPU platform.',
      { type: 'show endpoints' },
    ],
    [
      'the share is away',
      { faults: ['The shared file system cannot be read at /sfs.'] },
      true,
      'The shared file system cannot be read at /sfs.',
      { type: 'show storage' },
    ],
    [
      'a disk gets full',
      { disks: [{ name: 'Share', free: 4 * GB }] },
      false,
      'Share: only 4.0 GB free.',
      { type: 'show storage' },
    ],
    [
      'a disk is full',
      { disks: [{ name: 'Share', free: 40_000_000 }] },
      true,
      'Share: only 40 MB free.',
      { type: 'show storage' },
    ],
    [
      'results find no room',
      { heldUp: 2 },
      true,
      'No disk space for results: 2 jobs cannot be saved. They resume automatically once there is space.',
      { type: 'show storage' },
    ],
    [
      'nothing finishes',
      { oldestSentAt: NOW - 40 * MIN, lastCompletedAt: NOW - 12 * MIN },
      true,
      'Nothing has finished for 12 min, with 2 jobs on GPUs; about 2 min is usual.',
      { type: 'show queue' },
    ],
    [
      'nothing has ever finished',
      { oldestSentAt: NOW - 11 * MIN, lastCompletedAt: null, usualMs: null },
      true,
      'Nothing has finished for 11 min, with 2 jobs on GPUs.',
      { type: 'show queue' },
    ],
    [
      'one waits far longer',
      { hungriest: { name: 'Ben', jobId: 'b1', ms: 9 * MIN } },
      false,
      'Ben has waited 9 min with nothing on a GPU; half of all jobs waited less than 1 min.',
      { type: 'to front', jobId: 'b1' },
    ],
    [
      'many fail of one reason',
      { failed: new Map([['execution_error', 3]]) },
      true,
      '3 jobs failed recently: a node stopped with an error.',
      { type: 'show failed', reason: 'execution_error' },
    ],
  ])('%s', (_, over, urgent, sentence, help) => {
    expect(told(over)).toEqual([{ code: expect.any(String), urgent, sentence, help }]);
  });

  test.each<[string, Partial<Facts>]>([
    ['slow jobs are slow', { oldestSentAt: NOW - 20 * MIN, lastCompletedAt: null, usualMs: 7 * MIN }],
    ['one of two was closed', { endpoints: [endpoint('H200', { closedUntil: NOW + MIN }), endpoint('B300')] }],
    ['nothing is on GPUs', { oldestSentAt: null, lastCompletedAt: NOW - 60 * MIN }],
    ['everybody waits long', { hungriest: { name: 'Ben', jobId: 'b1', ms: 9 * MIN }, medianWaitMs: 4 * MIN }],
    ['nobody has been served yet', { hungriest: { name: 'Ben', jobId: 'b1', ms: 9 * MIN }, medianWaitMs: null }],
  ])('%s: nothing is said', (_, over) => expect(told(over)).toEqual([]));

  test('while the queue is paused nobody waits too long', () => {
    const codes = told({ dispatchPaused: true, hungriest: { name: 'Ben', jobId: 'b1', ms: 90 * MIN } });
    expect(codes.map(({ code }) => code)).toEqual(['queue_paused']);
  });

  test('what is urgent comes first', () => {
    const all = told({ dispatchPaused: true, heldUp: 1, failed: new Map([['lost', 9]]) });
    expect(all.map(({ code }) => code)).toEqual(['held_up', 'many_failed', 'queue_paused']);
  });
});
