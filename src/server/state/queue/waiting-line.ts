import { type Fairness, isLast, lanesOf, type Waiting } from '#src/domain/jobs/fairness.ts';
import type { Signal } from '#src/ports/events.ts';
import type { WaitingJobs } from '#src/ports/queue.ts';
import type { Clock } from '#src/ports/random.ts';

/** A line of so many jobs is read whole at every look. */
const SHORT = 100;
/** A longer one at most so often, and in so small a part of the time. */
const EVERY_MS = 1000;
const REST_PER_READING = 20;

/**
 * The jobs that wait. A long line is kept between two readings of all of it, with what is heard of jobs: to serve the next one, nobody needs to read
 * 10,000. What is not heard, or late, the next whole reading puts right; until then, a job that waits no more cannot be claimed either.
 */
export function createWaitingLine(jobs: WaitingJobs, clock: Clock) {
  let lanes = new Map<string, Waiting[]>();
  let order: Fairness = 'fair';
  let count = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let keptMs = 0;
  /** Jobs of which something has been heard since they were last read, with their owners. */
  let heard = new Map<string, string>();
  let isReading = false;

  const isLong = (): boolean => count > SHORT;

  function remove(userId: string, jobId: string): void {
    const lane = lanes.get(userId) ?? [];
    const place = lane.findIndex((job) => job.jobId === jobId);
    if (place < 0) return;
    lane.splice(place, 1);
    if (lane.length === 0) lanes.delete(userId);
    count -= 1;
  }

  /** What is heard meanwhile may be newer than what is read, so it is read again. */
  async function reading<T>(read: (asked: ReadonlyMap<string, string>) => Promise<T>): Promise<T> {
    const asked = heard;
    heard = new Map();
    isReading = true;
    try {
      return await read(asked);
    } catch (error) {
      readAt = Number.NEGATIVE_INFINITY;
      throw error;
    } finally {
      isReading = false;
    }
  }

  /** `false`: a job does not go to the end, so others may have changed places with it. */
  async function readHeard(): Promise<boolean> {
    const fresh = await reading(async (asked) => {
      for (const [jobId, userId] of asked) remove(userId, jobId);
      return jobs.waiting([...asked.keys()]);
    });
    for (const job of [...lanesOf(fresh, order).values()].flat()) {
      const lane = lanes.get(job.userId) ?? [];
      if (!isLast(lane, job, order)) return false;
      lane.push(job);
      lanes.set(job.userId, lane);
      count += 1;
    }
    return true;
  }

  async function readAll(fairness: Fairness) {
    const began = clock.now();
    const queue = await reading(() => jobs.queue());
    lanes = lanesOf(queue.waiting, fairness);
    order = fairness;
    count = queue.waiting.length;
    readAt = began;
    keptMs = Math.max(EVERY_MS, REST_PER_READING * (clock.now() - began));
    return { isWhole: true, ...queue };
  }

  return {
    isLong,
    remove,
    /** The line: all of it, or each participant's jobs that are next, as many as `most` says. */
    async read(fairness: Fairness, most: (occupied: Awaited<ReturnType<WaitingJobs['occupancy']>>) => number) {
      const age = clock.now() - readAt;
      const isKept = isLong() && age >= 0 && age < keptMs && fairness === order;
      if (!isKept || (heard.size > 0 && !(await readHeard()))) return readAll(fairness);
      const occupied = await jobs.occupancy();
      const each = most(occupied);
      const waiting = [...lanes].flatMap(([userId, lane]) =>
        lane.slice(0, each).map((job): Waiting => ({ ...job, cap: occupied.caps.get(userId) ?? null })),
      );
      return { isWhole: false, waiting, inFlight: occupied.inFlight, lastServed: occupied.lastServed };
    },
    hear(message: Signal): void {
      if (message.type === 'job.moved') {
        if (message.to !== 'queued') remove(message.userId, message.jobId);
        if (message.to === 'queued' || isReading) heard.set(message.jobId, message.userId);
        else heard.delete(message.jobId);
      } else if (message.type === 'stored' && message.event.type === 'job.updated') {
        const { jobId, userId } = message.event;
        if (lanes.get(userId)?.some((job) => job.jobId === jobId)) heard.set(jobId, userId);
      }
    },
  };
}
