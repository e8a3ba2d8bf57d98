import type { Entry } from '../cache/entries.ts';

/** The takes that the versions of one job made on one day, newest first. */
export type Stack = { readonly key: string; readonly takes: readonly [Entry, ...Entry[]] };

/** The oldest take of the newest version is on top: its picture stays while more arrive. */
export const topOf = ({ takes }: Stack): Entry => takes.findLast(({ jobId }) => jobId === takes[0].jobId) ?? takes[0];

/**
 * Stacks the takes of a job and its versions. A stack stays where it was first shown: among later arrivals at the place of its first take, among the others
 * where its newest one is. A version that arrives later starts a stack in front, and joins the others when the grid is laid out anew.
 */
export function stacksOf(
  entries: readonly Entry[],
  arrivals: number,
  together: boolean,
): { readonly stacks: readonly Stack[]; readonly arrived: number } {
  if (!together) return { stacks: entries.map((entry) => ({ key: entry.id, takes: [entry] })), arrived: arrivals };
  const older = new Set(entries.slice(arrivals).map(({ jobId }) => jobId));
  const isNew = ({ jobId }: Entry, at: number): boolean => at < arrivals && !older.has(jobId);
  const takes = new Map<string, [Entry, ...Entry[]]>();
  const keys = entries.map((entry, at) => {
    const key = isNew(entry, at) ? `new ${entry.familyId}` : entry.familyId;
    const known = takes.get(key);
    if (known) known.push(entry);
    else takes.set(key, [entry]);
    return key;
  });
  const placed = new Set<string>();
  const place = (some: readonly string[]): Stack[] =>
    some.flatMap((key) => {
      const of = takes.get(key);
      if (!of || placed.has(key)) return [];
      placed.add(key);
      return [{ key, takes: of }];
    });
  const front = keys.slice(0, arrivals).filter((_, at) => entries[at] && isNew(entries[at], at));
  const arrived = place(front.reverse()).reverse();
  return { stacks: [...arrived, ...place(keys.slice(arrivals))], arrived: arrived.length };
}
