import type { JobStatus, Reason } from '#src/domain/job.ts';
import type { Job } from './jobs.ts';

/** What jobs of everybody are looked for; null = any. */
export type BoardFilter = {
  readonly statuses: readonly JobStatus[];
  readonly userId: string | null;
  /** Where one of its attempts is or was. */
  readonly endpointId: string | null;
  readonly reason: Reason | null;
  /** Part of its title or of its owner's name, or its id. */
  readonly words: string | null;
};

export type OnBoard = Pick<Job, 'id' | 'status' | 'queuedAt'>;

/** An attempt with its end. All times are epoch milliseconds. */
export type ToldAttempt = {
  readonly id: string;
  readonly number: number;
  readonly endpointId: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly sentAt: number;
  readonly answer: 'accepted' | 'unknown' | null;
  readonly httpStatus: number | null;
  readonly answeredAt: number | null;
  readonly startedAt: number | null;
  readonly wholeAt: number | null;
  readonly endedAt: number | null;
  /** `completed`, `superseded` or a reason; null while it is in flight. */
  readonly outcome: string | null;
  readonly detail: string | null;
};

/** Jobs of everybody, for operators. */
export interface JobBoard {
  /** All that are found, in no order. */
  alive(filter: BoardFilter): Promise<OnBoard[]>;
  /** Those that were last to end come first. */
  ended(filter: BoardFilter, from: number, limit: number): Promise<{ ids: string[]; total: number }>;
  /** In this order; those that are gone are left out. */
  some(jobIds: readonly string[]): Promise<Job[]>;
  /** Oldest first. */
  attempts(jobId: string): Promise<ToldAttempt[]>;
}
