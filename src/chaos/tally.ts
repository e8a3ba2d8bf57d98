/** Counts what was done and what came of it, for the table at the end. */
export function createJobStatistics() {
  const counts = new Map<string, number>();
  return {
    add: (what: string, times = 1): void => void counts.set(what, (counts.get(what) ?? 0) + times),
    rows: (): [string, string][] =>
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => [what, String(count)]),
  };
}
export type FaultTally = ReturnType<typeof createJobStatistics>;
