import type { LiveRun } from '#src/domain/jobs/live-run.ts';
import type { RunMessage } from './worker.ts';

/** The last that was heard of the runs of jobs; kept only while they run. */
export interface LiveRuns {
  take(job: { readonly id: string; readonly userId: string }, message: Exclude<RunMessage, { type: 'ended' }>): void;
  of(jobId: string): LiveRun | null;
  end(jobId: string): void;
}
