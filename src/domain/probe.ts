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

export const PROBING = {
  firstAfterMs: 4000,
  leastMs: 2000,
  mostMs: 30_000,
  /** Below this chance that some replica still has it and was never reached, an attempt counts as lost. */
  chance: 1e-4,
};

/**
 * Whether to ask now. An attempt that shows signs of life is left alone; one that has been still for longer is asked about less and less often.
 * All times are epoch ms; `stillSince` is the last sign of life, or the worker's answer.
 */
export function probeIsDue(
  facts: { readonly stillSince: number; readonly lastProbeAt: number | null },
  now: number,
  { firstAfterMs, leastMs, mostMs } = PROBING,
): boolean {
  const still = now - facts.stillSince;
  if (still < firstAfterMs) return false;
  const pause = Math.min(mostMs, Math.max(leastMs, still / 20));
  return facts.lastProbeAt === null || now - facts.lastProbeAt >= pause;
}

/**
 * How many probes in a row that find nothing make an attempt lost. If it was not, nothing is lost but GPU time: the next attempt has its own folder, and
 * whichever finishes first gives the results.
 */
export const missesForLost = (replicas: number, chance = PROBING.chance): number =>
  Math.ceil(Math.log(chance) / Math.log(1 - 1 / Math.max(2, replicas + 1)));
