import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';

/** How much there is of what, over everything that is stored. */
export interface JobStatistics {
  jobs(): Promise<{ byStatus: ReadonlyMap<JobStatus, number>; failedByReason: ReadonlyMap<Reason, number> }>;
  /** Attempts that have ended: `completed`, `superseded`, `cancelled` or the reason. */
  attempts(): Promise<ReadonlyMap<string, number>>;
}
