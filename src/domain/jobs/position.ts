import type { Queue } from './fairness.ts';

type Own = { count: number; servedAt: number; queuedAt: number };

/** Each participant's share of the line, for one priority. Built once per look at the line; the place of a new job then costs one pass over participants. */
export function shares(queue: Pick<Queue, 'waiting' | 'lastServed'>): Map<string, Own> {
  const own = new Map<string, Own>();
  for (const { userId, queuedAt } of queue.waiting) {
    const share = own.get(userId);
    if (share) {
      share.count += 1;
      share.queuedAt = Math.min(share.queuedAt, queuedAt);
    } else own.set(userId, { count: 1, servedAt: queue.lastServed.get(userId) ?? Number.NEGATIVE_INFINITY, queuedAt });
  }
  return own;
}

/** The position (1 = next) that one more job of `userId` gets when nobody is in a priority lane: the last of their own, in round-robin with all others. */
export function placeOfNew(queue: ReadonlyMap<string, Own>, userId: string, servedAt: number): number {
  const mine = queue.get(userId);
  const before = mine?.count ?? 0;
  let place = before + 1;
  for (const [otherId, other] of queue) {
    if (otherId === userId) continue;
    const otherFirst =
      other.servedAt === servedAt ? mine === undefined || other.queuedAt <= mine.queuedAt : other.servedAt < servedAt;
    place += Math.min(other.count, otherFirst ? before + 1 : before);
  }
  return place;
}
