/** Counts by key within windows of time: true while there is room. Asked for each message, so it answers at once and forgets all with each window. */
export function createRate(most: number, windowMs: number, now: () => number) {
  const counts = new Map<string, number>();
  let began = now();
  return (key: string, amount = 1): boolean => {
    const at = now();
    if (at - began >= windowMs) {
      began = at;
      counts.clear();
    }
    const count = (counts.get(key) ?? 0) + amount;
    counts.set(key, count);
    return count <= most;
  };
}
