import { type ClassFacts, median } from './class-facts.ts';

/** Figures of equal steps of time, oldest first. */
export type ClassTimeline = {
  readonly startsAt: number;
  readonly stepMs: number;
  readonly completed: readonly number[];
  readonly failed: readonly number[];
  readonly cancelled: readonly number[];
  /** Median of what jobs waited that were sent in it; null where none was. */
  readonly waitMs: readonly (number | null)[];
  /** The most attempts that were in flight at once. */
  readonly inFlight: readonly number[];
};

const MINUTE = 60_000;
const STEPS = [5, 15, 30, 60].map((minutes) => minutes * MINUTE);
const MAX_STEPS = 60;

/** The last hours in steps of whole minutes that end with the one `now` is in. */
export function timelineOf({ jobs, attempts }: ClassFacts, since: number, now: number): ClassTimeline {
  const long = Math.max(now - since, 60 * MINUTE);
  const stepMs = STEPS.find((step) => long / step <= MAX_STEPS) ?? 60 * MINUTE;
  const last = Math.floor(now / stepMs);
  const first = Math.floor((now - long) / stepMs);
  const count = last - first + 1;
  const step = (time: number): number => Math.floor(time / stepMs) - first;
  const zeros = () => new Array<number>(count).fill(0);
  const ends = { completed: zeros(), failed: zeros(), cancelled: zeros() };
  const created = new Map<string, number>();
  for (const { id, warmUp, createdAt, status, endedAt } of jobs) {
    if (warmUp) continue;
    created.set(id, createdAt);
    if (endedAt === null || (status !== 'completed' && status !== 'failed' && status !== 'cancelled')) continue;
    const at = step(endedAt);
    const counts = ends[status];
    if (at >= 0 && at < count) counts[at] = (counts[at] ?? 0) + 1;
  }
  const waits = zeros().map((): number[] => []);
  const changes: { at: number; by: 1 | -1 }[] = [];
  for (const { jobId, number, sentAt, endedAt } of attempts) {
    const createdAt = created.get(jobId);
    if (number === 1 && createdAt !== undefined) waits[step(sentAt)]?.push(Math.max(0, sentAt - createdAt));
    changes.push({ at: sentAt, by: 1 });
    // A clock that was set back lets one end before it was sent.
    if (endedAt !== null) changes.push({ at: Math.max(endedAt, sentAt), by: -1 });
  }
  const inFlight = zeros();
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let flying = 0;
  let next = 0;
  for (let i = 0; i < count; i += 1) {
    const end = (first + i + 1) * stepMs;
    while ((changes[next]?.at ?? end) < (first + i) * stepMs) flying += changes[next++]?.by ?? 0;
    let most = flying;
    while ((changes[next]?.at ?? end) < end) {
      flying += changes[next++]?.by ?? 0;
      most = Math.max(most, flying);
    }
    inFlight[i] = most;
  }
  return { startsAt: first * stepMs, stepMs, ...ends, waitMs: waits.map(median), inFlight };
}
