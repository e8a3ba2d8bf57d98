import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { Breakers } from '#src/ports/endpoints.ts';
import type { JobMoves, Watched } from '#src/ports/jobs.ts';
import type { Clock } from '#src/ports/random.ts';
import type { StopAttempt } from '#src/ports/worker.ts';

type Deps = {
  jobs: Pick<JobMoves, 'startDuplicate'>;
  duplicates: Pick<DuplicateStore, 'startedLate' | 'stopped'>;
  breakers: Pick<Breakers, 'worked'>;
  stopAttempt: StopAttempt;
  clock: Clock;
};

/** What is done when a duplicate runs: the first to start is the attempt; any other is stopped, and its time noted. */
export function createDuplicateRuns(deps: Deps) {
  let isStopped = false;
  let isOver = false;
  return {
    async started({ attempt, job, role }: Watched): Promise<void> {
      const now = deps.clock.now();
      const step = { jobId: job.id, attemptId: attempt.id, now };
      if (role === 'duplicate' && (await deps.jobs.startDuplicate(step))) {
        await deps.breakers.worked(attempt.endpointId);
        return;
      }
      if (isStopped) return;
      isStopped = true;
      await deps.duplicates.startedLate(attempt.id, now);
      deps.stopAttempt(attempt);
    },
    async ended({ attempt }: Watched): Promise<void> {
      if (isOver) return;
      isOver = true;
      await deps.duplicates.stopped(attempt.id, deps.clock.now());
    },
  };
}
