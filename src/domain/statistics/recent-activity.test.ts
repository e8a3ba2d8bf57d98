import { expect, test } from 'vitest';
import type { AttemptFact, JobFact } from './class-facts.ts';
import { recentActivityOf } from './recent-activity.ts';

const MIN = 60_000;
const NOW = 1000 * MIN;
const job = (over: Partial<JobFact>): JobFact => ({
  id: 'j',
  userId: 'a',
  status: 'completed',
  reason: null,
  createdAt: 0,
  endedAt: NOW - MIN,
  warmUp: false,
  ...over,
});
const attempt = (over: Partial<AttemptFact>): AttemptFact => ({
  jobId: 'j',
  userId: 'a',
  endpointId: 'h200',
  number: 1,
  sentAt: NOW - 20 * MIN,
  answeredAt: null,
  startedAt: null,
  wholeAt: null,
  endedAt: NOW - 10 * MIN,
  outcome: 'never_started',
  warmUp: false,
  heard: null,
  ...over,
});

test('recently is the last quarter of an hour', () => {
  const failed = { status: 'failed', reason: 'lost' } as const;
  expect(
    recentActivityOf(
      {
        jobs: [
          job({ ...failed }),
          job({ ...failed, endedAt: NOW - 16 * MIN }),
          job({ ...failed, warmUp: true }),
          job({ endedAt: NOW - 3 * MIN }),
          job({ endedAt: NOW - 9 * MIN }),
          job({ status: 'delivering', reason: 'storage_full', endedAt: null }),
          job({ status: 'delivering', reason: 'storage_unavailable', endedAt: null }),
        ],
        attempts: [
          attempt({}),
          attempt({ endedAt: NOW - 16 * MIN }),
          attempt({ outcome: 'completed' }),
          attempt({ endedAt: null, outcome: null, sentAt: NOW - 7 * MIN }),
          attempt({ endedAt: null, outcome: null, sentAt: NOW - 9 * MIN, warmUp: true }),
        ],
      },
      NOW,
    ),
  ).toEqual({
    neverStarted: new Map([['h200', 1]]),
    failed: new Map([['lost', 1]]),
    heldUp: 1,
    cutOff: 1,
    oldestSentAt: NOW - 7 * MIN,
    lastCompletedAt: NOW - 3 * MIN,
    usualMs: 10 * MIN,
  });
  expect(recentActivityOf({ jobs: [], attempts: [] }, NOW)).toMatchObject({
    oldestSentAt: null,
    lastCompletedAt: null,
    usualMs: null,
  });
});

test('no time is negative when the clock was set back', () => {
  const attempts = [attempt({ outcome: 'completed', sentAt: NOW + 60 * MIN })];
  expect(recentActivityOf({ jobs: [], attempts }, NOW).usualMs).toBe(0);
});
