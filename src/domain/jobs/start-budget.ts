const MIN_SEEN = 5;
const FACTOR = 4;

/**
 * How long an attempt may show no activity. From what was seen at the endpoint recently (times from sending to the start marker, ms): four times the slowest,
 * but not under the operator's floor and not over the ceiling. With little seen, the ceiling.
 */
export function startBudget(seen: readonly number[], limits: { floorMs: number; ceilingMs: number }): number {
  if (seen.length < MIN_SEEN) return limits.ceilingMs;
  return Math.min(limits.ceilingMs, Math.max(limits.floorMs, FACTOR * Math.max(...seen)));
}
