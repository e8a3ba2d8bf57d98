import type { JobStatus, Reason } from '../jobs/job.ts';

/** What of a job and of an attempt the figures of a class rest on. All times are epoch milliseconds. */
export type JobFact = {
  readonly id: string;
  readonly userId: string;
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Sent by us to have a GPU ready, not wanted by anybody. */
  readonly warmUp: boolean;
};
export type AttemptFact = {
  readonly jobId: string;
  readonly userId: string;
  readonly endpointId: string;
  readonly number: number;
  readonly sentAt: number;
  readonly answeredAt: number | null;
  readonly startedAt: number | null;
  readonly wholeAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: string | null;
  readonly warmUp: boolean;
  /** Whether anything was heard of its run; null = nobody listened there when it was sent. */
  readonly heard: boolean | null;
};
/** All jobs that are alive or have ended since some time, and the same of attempts. */
export type ClassFacts = { readonly jobs: readonly JobFact[]; readonly attempts: readonly AttemptFact[] };

/** After so long without a new job the next one begins another class. */
const QUIET_MS = 2 * 3_600_000;

/** When the class began: with the first job after a long quiet; null while there is none. */
export function classBegan({ jobs }: ClassFacts): number | null {
  const times = jobs.flatMap(({ createdAt, warmUp }) => (warmUp ? [] : [createdAt])).sort((a, b) => b - a);
  const last = times.findIndex((time, i) => time - (times[i + 1] ?? Number.NEGATIVE_INFINITY) > QUIET_MS);
  return times[last] ?? null;
}

/** For how long it has kept a GPU rendering until now: from the first activity to its last file or its end. */
export function gpuMs({ startedAt, wholeAt, endedAt }: AttemptFact, now: number): number {
  return startedAt === null ? 0 : Math.max(0, (wholeAt ?? endedAt ?? now) - startedAt);
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
