import { groupBy } from '../group-by.ts';

/** A result, as far as it matters for cleaning up. `isKept`: its owner has marked it, or shows it to the class. */
export type Weighed = {
  readonly id: string;
  readonly userId: string;
  readonly bytes: number;
  readonly deliveredAt: number;
  readonly isKept: boolean;
};

export type RetentionRules = {
  /** Older ones go; null = none for its age. */
  readonly before: number | null;
  /** Of what one person has, so much may stay; the oldest go first. Null = all of it. */
  readonly maxBytes: number | null;
};

/** What would go, by person. What is kept never goes, though it counts to what a person has. */
export function overdue(results: readonly Weighed[], { before, maxBytes }: RetentionRules): Map<string, Weighed[]> {
  const going = new Map<string, Weighed[]>();
  for (const [userId, own] of groupBy(results, (result) => result.userId)) {
    let left = own.reduce((sum, { bytes }) => sum + bytes, 0);
    const gone: Weighed[] = [];
    for (const result of own.toSorted((a, b) => a.deliveredAt - b.deliveredAt || (a.id < b.id ? -1 : 1))) {
      const isOld = before !== null && result.deliveredAt < before;
      const isTooMuch = maxBytes !== null && left > maxBytes;
      if (result.isKept || !(isOld || isTooMuch)) continue;
      gone.push(result);
      left -= result.bytes;
    }
    if (gone.length > 0) going.set(userId, gone);
  }
  return going;
}
