export const JOB_STATUSES = [
  'queued',
  'dispatched',
  'running',
  'delivering',
  'completed',
  'failed',
  'cancelled',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const REASONS = [
  'invalid_graph',
  'rejected_by_worker',
  'endpoint_unreachable',
  'never_started',
  'lost',
  'execution_error',
  'timed_out',
  'incomplete',
  'storage_full',
  'key_forgotten',
  'storage_unavailable',
  'cancelled',
] as const;
export type Reason = (typeof REASONS)[number];

/**
 * Where a job may go from each status. An empty row is an end.
 *
 * queued      waiting in the queue; nothing was sent, or the last attempt is given up (and may still come through after all)
 * dispatched  an attempt was sent, or is being sent; no activity yet
 * running     the start marker or a file of an attempt was seen
 * delivering  all files are there and whole; the last ones are being imported
 */
const MOVES: Record<JobStatus, readonly JobStatus[]> = {
  queued: ['dispatched', 'delivering', 'failed', 'cancelled'],
  dispatched: ['queued', 'running', 'delivering', 'failed', 'cancelled'],
  running: ['queued', 'delivering', 'failed', 'cancelled'],
  delivering: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

export const canMove = (from: JobStatus, to: JobStatus): boolean => MOVES[from].includes(to);

/** The statuses from which a job may reach `to`: the WHERE clause of every status update. */
export const cameFrom = (to: JobStatus): JobStatus[] => JOB_STATUSES.filter((from) => MOVES[from].includes(to));

export const isFinal = (status: JobStatus): boolean => MOVES[status].length === 0;

export const ALIVE = JOB_STATUSES.filter((status) => !isFinal(status));
export const IN_FLIGHT = ['dispatched', 'running', 'delivering'] as const satisfies readonly JobStatus[];
