import type { Entry } from '../cache/entries.ts';

/** The takes that one job made on one day, newest first. The oldest is on top: its picture stays while more arrive. */
export type Stack = { readonly key: string; readonly takes: readonly [Entry, ...Entry[]] };

export const topOf = (stack: Stack): Entry => stack.takes.at(-1) ?? stack.takes[0];

/**
 * Stacks the takes of a job. A stack stays where it was first shown: among later arrivals at the place of its first take, among
 * the others where its newest one is.
 */
export function stacksOf(
  entries: readonly Entry[],
  arrivals: number,
  together: boolean,
): { readonly stacks: readonly Stack[]; readonly arrived: number } {
  if (!together) return { stacks: entries.map((entry) => ({ key: entry.id, takes: [entry] })), arrived: arrivals };
  const takes = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const known = takes.get(entry.jobId);
    if (known) known.push(entry);
    else takes.set(entry.jobId, [entry]);
  }
  const older = new Set(entries.slice(arrivals).map(({ jobId }) => jobId));
  const placed = new Set<string>();
  const place = (some: readonly Entry[]): Stack[] =>
    some.flatMap(({ jobId }) => {
      const of = takes.get(jobId);
      if (!of || placed.has(jobId)) return [];
      placed.add(jobId);
      return [{ key: jobId, takes: of }];
    });
  const arrived = place(
    entries
      .slice(0, arrivals)
      .filter(({ jobId }) => !older.has(jobId))
      .reverse(),
  ).reverse();
  return { stacks: [...arrived, ...place(entries.slice(arrivals))], arrived: arrived.length };
}
