/** Verda's limits per minute are 500 in all and 60 for one method and path; a little less, because requests do not take equally long to get there. */
export const LIMITS = { all: 480, onePath: 56, windowMs: 60_000 };
export type RateLimits = typeof LIMITS;

/** How long the next request has to wait, in ms, so that no window of that length ever has more than `limit`. `sent`: when the last ones were, oldest first. */
export function waitFor(sent: readonly number[], limit: number, now: number, windowMs: number): number {
  const oldest = sent.length < limit ? undefined : sent[sent.length - limit];
  return oldest === undefined ? 0 : Math.max(0, oldest + windowMs - now);
}
