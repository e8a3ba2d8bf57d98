import type { Reason } from '../jobs/job.ts';
import { type ClassFacts, median } from './class-facts.ts';

const MINUTE = 60_000;
/** How far back failures and attempts that never began are counted. */
const RECENT_MS = 15 * MINUTE;

/** What goes on just now. */
export function recentActivityOf({ jobs, attempts }: ClassFacts, now: number) {
  const isLate = ({ endedAt }: { endedAt: number | null }) => endedAt !== null && endedAt >= now - RECENT_MS;
  const neverStarted = new Map<string, number>();
  for (const attempt of attempts)
    if (attempt.outcome === 'never_started' && isLate(attempt))
      neverStarted.set(attempt.endpointId, (neverStarted.get(attempt.endpointId) ?? 0) + 1);
  const wanted = jobs.filter(({ warmUp }) => !warmUp);
  const failed = new Map<Reason, number>();
  for (const job of wanted)
    if (job.status === 'failed' && job.reason !== null && isLate(job))
      failed.set(job.reason, (failed.get(job.reason) ?? 0) + 1);
  const flying = attempts.filter(({ endedAt, warmUp }) => endedAt === null && !warmUp);
  const completed = wanted.flatMap(({ status, endedAt }) =>
    status === 'completed' && endedAt !== null ? [endedAt] : [],
  );
  const waitingFor = (why: Reason): number =>
    wanted.filter(({ reason, endedAt }) => reason === why && endedAt === null).length;
  return {
    neverStarted,
    failed,
    /** Rendered jobs for which there is no room. */
    heldUp: waitingFor('storage_full'),
    /** Rendered jobs whose files cannot reach the object storage. */
    cutOff: waitingFor('storage_unavailable'),
    oldestSentAt: flying.length === 0 ? null : Math.min(...flying.map(({ sentAt }) => sentAt)),
    lastCompletedAt: completed.length === 0 ? null : Math.max(...completed),
    /** From being sent to the end. */
    usualMs: median(
      attempts.flatMap(({ outcome, sentAt, endedAt }) =>
        outcome === 'completed' && endedAt !== null ? [Math.max(0, endedAt - sentAt)] : [],
      ),
    ),
  };
}
