const FLOOR_MS = 120_000;
const LEAST_SEEN = 5;
const FACTOR = 4;

/**
 * How long an attempt may show no sign of life. From what was seen at the endpoint lately (times from sending to the start marker, ms): four times the slowest,
 * but not under the floor and not over the operator's ceiling. With little seen, the ceiling.
 */
export function startBudget(seen: readonly number[], ceilingMs: number): number {
  if (seen.length < LEAST_SEEN) return ceilingMs;
  return Math.min(ceilingMs, Math.max(FLOOR_MS, FACTOR * Math.max(...seen)));
}
