import type { JobStatus } from '../jobs/job.ts';
import { comfyuiStatus } from './entries.ts';

/** Not seen to run, though a GPU may have it. */
export const isPending = (status: JobStatus): boolean => comfyuiStatus(status) === 'pending';

type Alive = {
  readonly promptId: string;
  readonly job: { readonly status: JobStatus; readonly startedAt: number | null };
};

/**
 * What `/interrupt` ends, of one person's jobs that are alive, in their order. Without an id: what has run for longest; where nothing is seen to run yet, what
 * was sent to a GPU. Nothing that still waits for its turn.
 */
export function toInterrupt<Job extends Alive>(alive: readonly Job[], promptId: string | null): Job | null {
  const onGpu = alive.filter(({ job }) => job.status !== 'queued');
  if (promptId !== null) return onGpu.find((one) => one.promptId === promptId) ?? null;
  const running = onGpu.filter(({ job }) => job.startedAt !== null);
  running.sort((a, b) => (a.job.startedAt ?? 0) - (b.job.startedAt ?? 0));
  return running[0] ?? onGpu[0] ?? null;
}
