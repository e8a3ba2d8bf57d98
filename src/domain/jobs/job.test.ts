import { describe, expect, test } from 'vitest';
import { ALIVE, cameFrom, canMove, IN_FLIGHT, isFinal, JOB_STATUSES, type JobStatus, REASONS } from './job.ts';

const ALLOWED: Record<JobStatus, string> = {
  queued: 'dispatched delivering failed cancelled',
  dispatched: 'queued running delivering failed cancelled',
  running: 'queued delivering failed cancelled',
  delivering: 'completed failed cancelled',
  completed: '',
  failed: '',
  cancelled: '',
};
const pairs = JOB_STATUSES.flatMap((from) => JOB_STATUSES.map((to) => [from, to] as const));

describe('the state machine', () => {
  test.each(pairs)('%s → %s', (from, to) => {
    const allowed = ALLOWED[from].split(' ').includes(to);
    expect(canMove(from, to)).toBe(allowed);
    expect(cameFrom(to).includes(from)).toBe(allowed);
  });

  test('ends have no way out, everything else reaches every end', () => {
    const reach = (from: JobStatus): Set<JobStatus> => {
      const seen = new Set([from]);
      for (const at of seen) for (const to of JOB_STATUSES) if (canMove(at, to)) seen.add(to);
      return seen;
    };
    const ends = JOB_STATUSES.filter(isFinal);
    expect(ends).toEqual(['completed', 'failed', 'cancelled']);
    for (const status of JOB_STATUSES) {
      if (isFinal(status)) expect([...reach(status)]).toEqual([status]);
      else expect([...reach(status)]).toEqual(expect.arrayContaining(ends));
    }
  });

  test('a job completes only by being delivered', () => expect(cameFrom('completed')).toEqual(['delivering']));
});

test('alive, in flight and ended divide the statuses', () => {
  expect(ALIVE).toEqual(['queued', ...IN_FLIGHT]);
  expect([...ALIVE, ...JOB_STATUSES.filter(isFinal)]).toEqual([...JOB_STATUSES]);
});

test('no reason is named twice', () => expect(new Set(REASONS).size).toBe(REASONS.length));
