import { type Fairness, type Queue, turns, type Waiting } from '#src/domain/jobs/fairness.ts';
import { placeOfNew, shares } from '#src/domain/jobs/position.ts';
import type { Positions, QueueBoard } from '#src/ports/queue.ts';

/** The line as the dispatcher last saw it, kept in memory so that nobody has to read it to tell a place. */
export function createQueueBoard(): Positions &
  QueueBoard & {
    /** Everybody's waiting jobs in the order of their turns. */
    order(): readonly Waiting[];
  } {
  let places = new Map<string, number>();
  let order: readonly Waiting[] = [];
  let line: Queue = { waiting: [], inFlight: [], lastServed: new Map() };
  let rule: Fairness = 'fair';
  /** Jobs that came since the line was shown. */
  let added: Waiting[] = [];
  let byUser = new Map<string, Map<string, number>>();
  let waiting = new Map<string, { count: number; servedAt: number; queuedAt: number }>();

  const same = (a: Map<string, number> | undefined, b: Map<string, number>): boolean =>
    a !== undefined && a.size === b.size && [...b].every(([jobId, place]) => a.get(jobId) === place);

  const servedAtOf = (userId: string): number => line.lastServed.get(userId) ?? Number.NEGATIVE_INFINITY;
  const ofNew = (userId: string): number =>
    rule === 'fair' ? placeOfNew(waiting, userId, servedAtOf(userId)) : line.waiting.length + added.length + 1;

  return {
    order: () => order,
    of: (jobId) => places.get(jobId) ?? null,
    all() {
      if (places.size > order.length) {
        order = turns({ ...line, waiting: [...line.waiting, ...added] }, rule);
        places = new Map(order.map(({ jobId }, index) => [jobId, index + 1]));
      }
      return places;
    },
    ofNew,
    add({ jobId, userId, now }) {
      places.set(jobId, ofNew(userId));
      added.push({ jobId, userId, priority: 0, queuedAt: now, avoid: [] });
      const { count, queuedAt, servedAt } = waiting.get(userId) ?? {
        count: 0,
        queuedAt: now,
        servedAt: servedAtOf(userId),
      };
      waiting.set(userId, { count: count + 1, queuedAt, servedAt });
    },
    show(queue, fairness) {
      const before = byUser;
      places = new Map();
      byUser = new Map();
      order = turns(queue, fairness);
      line = queue;
      rule = fairness;
      for (const [index, { jobId, userId }] of order.entries()) {
        places.set(jobId, index + 1);
        const own = byUser.get(userId) ?? new Map<string, number>();
        byUser.set(userId, own.set(jobId, index + 1));
      }
      waiting = shares(queue);
      added = [];
      return new Map([...byUser].filter(([userId, own]) => !same(before.get(userId), own)));
    },
  };
}
