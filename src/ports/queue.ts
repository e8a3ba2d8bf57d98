import type { Fairness, Queue, Waiting } from '#src/domain/jobs/fairness.ts';
import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';
import type { StoryLine } from '#src/domain/jobs/job-story.ts';
import type { Job } from './jobs.ts';

/** What jobs of everybody are looked for; null = any. */
export type JobBoardFilter = {
  readonly statuses: readonly JobStatus[];
  readonly userId: string | null;
  /** Where one of its attempts is or was. */
  readonly endpointId: string | null;
  readonly reason: Reason | null;
  /** Part of its title or of its owner's name, or its id. */
  readonly words: string | null;
};

export type OnBoard = Pick<Job, 'id' | 'status' | 'queuedAt'>;

export type ToldAttempt = StoryLine & {
  readonly id: string;
  readonly endpointId: string;
  readonly folder: string;
};

/** Jobs of everybody, for operators. */
export interface JobBoard {
  /** All that are found, in no order. */
  alive(filter: JobBoardFilter): Promise<OnBoard[]>;
  /** Those that were last to end come first. */
  ended(filter: JobBoardFilter, from: number, limit: number): Promise<{ ids: string[]; total: number }>;
  /** In this order; those that are gone are left out. */
  some(jobIds: readonly string[]): Promise<Job[]>;
  /** Oldest first. */
  attempts(jobId: string): Promise<ToldAttempt[]>;
}

export interface WaitingJobs {
  queue(): Promise<Queue>;
  /** Those of these jobs that wait. */
  waiting(jobIds: readonly string[]): Promise<Waiting[]>;
  /** The queue without what waits, and how many jobs of a participant may be in flight, where that is a number of their own. */
  occupancy(): Promise<Omit<Queue, 'waiting'> & { readonly caps: ReadonlyMap<string, number> }>;
}

export interface QueueBoard {
  /** Gives the positions of those participants for whom something changed. */
  show(queue: Queue, fairness: Fairness): Map<string, Map<string, number>>;
  /** A new job that nobody has shown yet: it stands behind its owner's others. */
  add(job: { readonly jobId: string; readonly userId: string; readonly now: number }): void;
}

/** Positions as of the dispatcher's last pass, or an operator's last change. */
export interface Positions {
  of(jobId: string): number | null;
  /** Everybody's, with the jobs that came since then in their turns. */
  all(): ReadonlyMap<string, number>;
  /** Where a job that is being submitted now will stand. */
  ofNew(userId: string): number;
}
