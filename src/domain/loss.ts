import type { Reason } from './job.ts';

/**
 * What becomes of a job whose attempt came to nothing. A lost attempt may be tried again; what the graph itself is to blame for is not.
 * An endpoint that cannot be reached has not run anything: the job goes on waiting for it as long as one start budget.
 */
export function afterLoss(
  loss: { readonly reason: Reason; readonly attempts: number; readonly ageMs: number },
  rules: { readonly maxAttempts: number; readonly startBudgetMs: number },
): 'again' | 'give_up' {
  switch (loss.reason) {
    case 'never_started':
    case 'lost':
      return loss.attempts < rules.maxAttempts ? 'again' : 'give_up';
    case 'endpoint_unreachable':
      return loss.attempts < rules.maxAttempts || loss.ageMs < rules.startBudgetMs ? 'again' : 'give_up';
    case 'invalid_graph':
    case 'rejected_by_worker':
    case 'execution_error':
    case 'timed_out':
    case 'incomplete':
    case 'storage_full':
    case 'cancelled':
      return 'give_up';
  }
}
