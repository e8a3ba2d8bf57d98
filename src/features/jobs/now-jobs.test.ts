import { describe, expect, test } from 'vitest';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import { nowJobs, stayingJob } from './now-jobs.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-23T20:00:00.000Z');
const job = (id: string, status: JobStatus, hoursAgo: number) => {
  const at = new Date(NOW - hoursAgo * HOUR).toISOString();
  return { id, status, createdAt: at, endedAt: at, previews: [], warnings: [] };
};
const none: ReadonlySet<string> = new Set();
const ids = (input: Partial<Parameters<typeof nowJobs>[0]>): string[] =>
  nowJobs({ alive: [], recent: [], seenAlive: none, staying: null, away: none, now: NOW, ...input }).map(
    ({ id }) => id,
  );

describe('nowJobs', () => {
  test('alive jobs, each once', () => {
    const alive = [job('c', 'queued', 1), job('b', 'running', 2), job('a', 'delivering', 3)];
    expect(ids({ alive, recent: alive })).toEqual(['c', 'b', 'a']);
  });

  test.each([
    ['failed', 11, ['x']],
    ['failed', 13, []],
    ['completed', 0, []],
    ['cancelled', 0, []],
  ] as const)('a job that %s %i h ago, before the page was opened', (status, hours, shown) => {
    expect(ids({ recent: [job('x', status, hours)] })).toEqual(shown);
  });

  test.each(['failed', 'completed', 'cancelled'] as const)(
    'an end that was watched (%s) shows until it is dismissed',
    (status) => {
      const recent = [job('x', status, 0)];
      expect(ids({ recent, seenAlive: new Set(['x']) })).toEqual(['x']);
      expect(ids({ recent, seenAlive: new Set(['x']), away: new Set(['x']) })).toEqual([]);
    },
  );

  test('the newest completed job stays if it has previews or warnings', () => {
    const seen = { previews: ['a picture'] };
    const [old, last] = [
      { ...job('old', 'completed', 2), ...seen },
      { ...job('last', 'completed', 1), ...seen },
    ];
    const failed = { ...job('failed', 'failed', 0), ...seen };
    expect(stayingJob([failed, last, old])).toBe('last');
    expect(stayingJob([job('newest', 'completed', 0), last])).toBeNull();
    expect(stayingJob([{ ...job('x', 'completed', 0), warnings: ['one'] }])).toBe('x');
    expect(stayingJob([])).toBeNull();
    expect(ids({ recent: [last, old], staying: 'last' })).toEqual(['last']);
    expect(ids({ recent: [last, old], staying: 'last', away: new Set(['last']) })).toEqual([]);
    expect(ids({ recent: [{ ...job('x', 'completed', 13), ...seen }], staying: 'x' })).toEqual([]);
  });

  test('a list that is a moment behind cannot bring an ended job back to life', () => {
    const lists = { alive: [job('x', 'delivering', 0)], recent: [job('x', 'completed', 0)] };
    expect(ids({ ...lists, seenAlive: new Set(['x']), away: new Set(['x']) })).toEqual([]);
  });
});
