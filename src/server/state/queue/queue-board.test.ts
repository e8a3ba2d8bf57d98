import { expect, test } from 'vitest';
import { createQueueBoard } from './queue-board.ts';

const waits = (jobId: string, userId: string, queuedAt: number) => ({
  jobId,
  userId,
  priority: 0,
  queuedAt,
  avoid: [],
});

test.each(['fair', 'first-come'] as const)(
  '%s: jobs that come between two looks have the places that the next look gives them',
  (fairness) => {
    const shown = createQueueBoard();
    const waiting = [waits('a1', 'a', 1), waits('a2', 'a', 2), waits('b1', 'b', 3)];
    const lastServed = new Map([['c', 5]]);
    shown.show({ waiting: [...waiting], inFlight: [], lastServed }, fairness);
    const later = [waits('b2', 'b', 10), waits('c1', 'c', 11), waits('b3', 'b', 12), waits('d1', 'd', 13)];
    for (const job of later) {
      const told = shown.ofNew(job.userId);
      shown.add({ ...job, now: job.queuedAt });
      waiting.push(job);
      const read = createQueueBoard();
      read.show({ waiting, inFlight: [], lastServed }, fairness);
      expect([shown.of(job.jobId), told]).toEqual([read.of(job.jobId), read.of(job.jobId)]);
      // Of each second one, so that some are asked for together.
      if (waiting.length % 2 === 0) expect([...shown.all()].sort()).toEqual([...read.all()].sort());
    }
  },
);
