/** What one probe through the balancer brought: it reached one replica, at random. */
export type Probe =
  /** This replica knows nothing of the prompt. */
  | { readonly type: 'nothing' }
  /** It is in this replica's queue, or running there. */
  | { readonly type: 'alive' }
  /** It ran to its end here. Only the files count, so this changes nothing. */
  | { readonly type: 'ended' }
  | { readonly type: 'interrupted' }
  | { readonly type: 'failed'; readonly failure: Failure };

export type Failure = {
  readonly nodeId: string;
  readonly nodeType: string;
  readonly message: string;
  readonly exceptionType: string;
  readonly traceback: readonly string[];
};

const FIRST_AFTER_MS = 4000;
const LEAST_PAUSE_MS = 2000;
const MOST_PAUSE_MS = 30_000;

/**
 * Whether to ask now. An attempt that shows signs of life is left alone; one that has been still for longer is asked about less and less often.
 * All times are epoch ms; `stillSince` is the last sign of life, or the worker's answer.
 */
export function probeIsDue(facts: { readonly stillSince: number; readonly lastProbeAt: number | null }, now: number): boolean {
  const still = now - facts.stillSince;
  if (still < FIRST_AFTER_MS) return false;
  const pause = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, still / 20));
  return facts.lastProbeAt === null || now - facts.lastProbeAt >= pause;
}

/** Below this chance that some replica still has it and was never reached, an attempt counts as lost. */
const CHANCE = 1e-4;

/**
 * How many probes in a row that find nothing make an attempt lost. If it was not, nothing is lost but GPU time: the next attempt has its own folder, and
 * whichever finishes first gives the results.
 */
export const missesForLost = (replicas: number): number => Math.ceil(Math.log(CHANCE) / Math.log(1 - 1 / Math.max(2, replicas + 1)));
