import { isFinal, type JobStatus, type Reason } from './job.ts';

type Ended = {
  readonly status: JobStatus;
  readonly reason: Reason | null;
  /** The endpoints that have rejected its graph, the last one included. */
  readonly rejectedBy: readonly string[];
};

/** Whether the same graph may end otherwise when it is run again, without the key that its sender may have. What every enabled endpoint has rejected would only start a GPU for the same failure. */
export function canRetry({ status, reason, rejectedBy }: Ended, enabled: readonly string[]): boolean {
  if (!isFinal(status) || reason === 'invalid_graph' || reason === 'key_forgotten') return false;
  return reason !== 'rejected_by_worker' || enabled.some((id) => !rejectedBy.includes(id));
}
