import type { RunReport } from '#src/domain/jobs/run-report.ts';
import type { Endpoint } from './endpoints.ts';

export type RunAnswer =
  /** `isWhole`: what is not named is not in what was asked for; false when there may be more than `limit`. */
  | {
      readonly type: 'reports';
      readonly reports: ReadonlyMap<string, RunReport>;
      readonly isWhole: boolean;
      readonly bytes: number;
    }
  /** This worker does not have such a list. */
  | { readonly type: 'unsupported' }
  | { readonly type: 'too_large' }
  /** Nothing that a ComfyUI says, or nothing in time. */
  | { readonly type: 'none' };

/**
 * Asks whichever replica answers for all prompts that it has: `jobs` waiting, running and ended, the newest first, without their graphs (ComfyUI 0.6 and
 * newer); `living` those of them that wait or run; `history` those
 * that have ended; `queue` those that wait or run. No question names a prompt, so a balancer that routes by address cannot send it astray. Can start a
 * GPU where none is up.
 */
export type AskRuns = (
  endpoint: Endpoint,
  list: 'jobs' | 'living' | 'history' | 'queue',
  limit: number,
  signal: AbortSignal,
) => Promise<RunAnswer>;
