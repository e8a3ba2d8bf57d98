import type { Reason } from './job.ts';

/** One attempt of a job; `outcome` null = it is the one that has just failed. */
export type Try = { readonly sentAt: number; readonly outcome: string | null };

const isUnreachable = ({ outcome }: Try): boolean => outcome === ('endpoint_unreachable' satisfies Reason);

/** Those that count against the job, oldest first: an endpoint that could not be reached has run nothing, unless just that is the matter. */
export function triesThatCount(reason: Reason, tries: readonly Try[]): readonly Try[] {
  if (reason !== 'endpoint_unreachable') return tries.filter((one) => !isUnreachable(one));
  const lastOther = tries.findLastIndex((one) => one.outcome !== null && !isUnreachable(one));
  return tries.slice(lastOther + 1);
}

const LOSSES = {
  lost: 'The GPU was lost',
  never_started: 'No GPU started your job in time',
  endpoint_unreachable: 'No GPU could be reached',
  incomplete: 'The files never arrived',
} as const;
type Loss = keyof typeof LOSSES;

const isLoss = (outcome: string | null | undefined): outcome is Loss =>
  outcome !== null && outcome !== undefined && Object.hasOwn(LOSSES, outcome);

/** How far the attempt is that goes on now. */
type Running = { readonly answer: 'accepted' | 'unknown' | null; readonly startedAt: number | null };

/**
 * Why the last of these attempts, which have all ended, is tried again, in words for its owner; null when it is not for a loss, and once the attempt that
 * goes on (null = the job is queued) is further than that one was.
 */
export function lastLoss(
  tries: readonly Try[],
  maxAttempts: number,
  running: Running | null,
): { reason: Loss; message: string } | null {
  const reason = tries.at(-1)?.outcome;
  if (!isLoss(reason)) return null;
  if (running !== null && running.startedAt !== null) return null;
  if (reason === 'endpoint_unreachable' && running?.answer === 'accepted') return null;
  const next = triesThatCount(reason, tries).length + 1;
  // What cannot be reached is tried for as long as it takes.
  const count = reason === 'endpoint_unreachable' || next > maxAttempts ? '' : ` (${next} of ${maxAttempts})`;
  return { reason, message: `${LOSSES[reason]}; trying again${count}.` };
}

/**
 * What becomes of a job whose attempt failed. A lost attempt may be tried again; what the graph itself is to blame for is not.
 * For an endpoint that cannot be reached the job goes on waiting as long as one start timeout, from the first try in vain.
 */
export function afterLoss(
  loss: { readonly reason: Reason; readonly tries: readonly Try[]; readonly now: number },
  rules: { readonly maxAttempts: number; readonly startBudgetMs: number },
): 'again' | 'give_up' {
  const tries = triesThatCount(loss.reason, loss.tries);
  const isLeft = tries.length < rules.maxAttempts;
  switch (loss.reason) {
    case 'never_started':
    case 'lost':
    case 'incomplete':
      return isLeft ? 'again' : 'give_up';
    case 'endpoint_unreachable':
      return isLeft || loss.now - (tries[0]?.sentAt ?? loss.now) < rules.startBudgetMs ? 'again' : 'give_up';
    case 'invalid_graph':
    case 'rejected_by_worker':
    case 'execution_error':
    case 'timed_out':
    case 'storage_full':
    case 'key_forgotten':
    case 'storage_unavailable':
    case 'cancelled':
      return 'give_up';
  }
}
