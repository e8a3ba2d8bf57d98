import { HELD_MS } from '../jobs/phase.ts';
import type { AttemptFact } from './class-facts.ts';

type Run = Pick<AttemptFact, 'sentAt' | 'startedAt' | 'wholeAt' | 'endedAt'>;

/** By number of runs that render at the same time: for how long it was so, ms, while there was work for a GPU that was up. */
export type BusyTimes = readonly number[];

/** An end is seen a little late, when the replica's next run is already seen: what was so for less of the time proves no further replica. */
const MIN_SHARE = 0.05;

/**
 * A run renders from its first activity to its last file or its end. There is work from when it was sent, or a little before its first activity where it
 * took longer: before that, no GPU was up for it.
 */
export function busyTimes(runs: readonly Run[], since: number, now: number): BusyTimes {
  const clamp = (time: number): number => Math.min(now, Math.max(since, time));
  const edges = runs.flatMap(({ sentAt, startedAt, wholeAt, endedAt }) => {
    if (startedAt === null) return [];
    const from = clamp(startedAt);
    const to = Math.max(from, clamp(wholeAt ?? endedAt ?? now));
    return [
      { at: Math.min(from, clamp(Math.max(sentAt, startedAt - HELD_MS))), work: 1, rendering: 0 },
      { at: from, work: 0, rendering: 1 },
      { at: to, work: -1, rendering: -1 },
    ];
  });
  edges.sort((a, b) => a.at - b.at);
  const times: number[] = [];
  let [work, rendering, before] = [0, 0, since];
  for (const edge of edges) {
    if (work > 0 && edge.at > before) {
      while (times.length <= rendering) times.push(0);
      times[rendering] = (times[rendering] ?? 0) + edge.at - before;
    }
    before = edge.at;
    work += edge.work;
    rendering += edge.rendering;
  }
  return times;
}

const sum = (times: readonly number[]): number => times.reduce((all, time) => all + time, 0);

/** How many replicas there were at least, by how many runs rendered at the same time; 0 = none was seen. */
export function replicasSeen(times: BusyTimes): number {
  const enough = MIN_SHARE * sum(times);
  return Math.max(
    0,
    times.findLastIndex((_, count) => sum(times.slice(count)) >= enough),
  );
}

/** Which part of the time in which there was work `replicas` GPUs were rendering, 0 to 1; null = not observed. */
export function utilisation(times: BusyTimes, replicas: number): number | null {
  const all = sum(times);
  if (all === 0 || replicas === 0) return null;
  const busy = times.reduce((ms, time, count) => ms + Math.min(count, replicas) * time, 0);
  return busy / (replicas * all);
}

export type GpuUse = {
  /** Runs that render now. */
  readonly rendering: number;
  /** Replicas that are believed to be there now; null = nobody knows. */
  readonly replicas: number | null;
  readonly utilisation: number | null;
  readonly classUtilisation: number | null;
  /** Of attempts that have started and were sent while somebody listened. */
  readonly listened: number;
  readonly heard: number;
};

type Seen = {
  readonly since: number;
  readonly now: number;
  /** Replicas that the platform says are up; null = it does not say. */
  readonly platform: number | null;
  /** Distinct replicas that are heard. */
  readonly heard: number;
};

/** How the GPUs of one endpoint are used, by its attempts since a class began. Replicas are only believed in that were seen, heard, or named by the platform. */
export function gpuUseOf(attempts: readonly AttemptFact[], { since, now, platform, heard }: Seen): GpuUse {
  const ofClass = attempts.filter(({ endedAt }) => endedAt === null || endedAt >= since);
  const times = busyTimes(ofClass, since, now);
  const rendering = ofClass.filter(
    ({ startedAt, wholeAt, endedAt }) => startedAt !== null && wholeAt === null && endedAt === null,
  ).length;
  const atLeast = Math.max(heard, replicasSeen(times));
  const isUp = rendering > 0 || heard > 0;
  const replicas = platform ?? (isUp ? Math.max(1, atLeast) : null);
  const listened = ofClass.filter((one) => one.heard !== null && one.startedAt !== null && !one.warmUp);
  return {
    rendering,
    replicas,
    utilisation: replicas === null || replicas === 0 ? null : Math.min(1, rendering / replicas),
    classUtilisation: utilisation(times, Math.max(platform ?? 0, atLeast)),
    listened: listened.length,
    heard: listened.filter((one) => one.heard).length,
  };
}
