import { unfitFor } from './fairness.ts';

type QueuedJob = {
  readonly jobId: string;
  readonly userId: string;
  readonly avoid: readonly string[];
  readonly rejectedBy?: readonly string[];
  readonly cap?: number | null;
};

export type Ahead = {
  /** In the order of their turns. */
  readonly order: readonly QueuedJob[];
  /** `leftMs` Infinity: nobody knows. */
  readonly inFlight: readonly { readonly userId: string; readonly endpointId: string; readonly leftMs: number }[];
  readonly endpoints: readonly { readonly id: string; readonly capacity: number; readonly enabled: boolean }[];
  readonly inFlightCap: number;
  /** How long a job will be in flight there, ms; Infinity: nobody knows. */
  readonly lasts: (jobId: string, endpointId: string) => number;
};

/** Further back nobody is told a time. */
export const MAX_AHEAD = 300;

/**
 * In how many ms each waiting job will be sent, when everything lasts as long as it is thought to. What comes after something that nobody knows is left
 * out. A turn that its owner cannot take yet, because of their cap, is theirs later.
 */
export function forecast({ order, inFlight, endpoints, inFlightCap, lasts }: Ahead): Map<string, number> {
  const sent = new Map<string, number>();
  const open = endpoints.filter(({ enabled, capacity }) => enabled && capacity > 0);
  const used = new Map<string, number>();
  const owned = new Map<string, number>();
  let flying: { userId: string; endpointId: string; endsAt: number }[] = [];
  const take = (userId: string, endpointId: string, endsAt: number): void => {
    used.set(endpointId, (used.get(endpointId) ?? 0) + 1);
    owned.set(userId, (owned.get(userId) ?? 0) + 1);
    flying.push({ userId, endpointId, endsAt });
  };
  const share = ({ id, capacity }: Ahead['endpoints'][number]): number => (used.get(id) ?? 0) / capacity;
  const roomFor = (job: QueuedJob): string | undefined => {
    const unfit = unfitFor(job, open);
    const free = open.filter((endpoint) => !unfit.includes(endpoint.id) && share(endpoint) < 1);
    return free.reduce<(typeof free)[number] | undefined>(
      (best, next) => (best === undefined || share(next) < share(best) ? next : best),
      undefined,
    )?.id;
  };
  for (const { userId, endpointId, leftMs } of inFlight) take(userId, endpointId, leftMs);

  let waiting = order.slice(0, MAX_AHEAD);
  for (let now = 0; Number.isFinite(now); ) {
    let full = open.every((endpoint) => share(endpoint) >= 1);
    waiting = waiting.filter((job) => {
      if (full || (owned.get(job.userId) ?? 0) >= (job.cap ?? inFlightCap)) return true;
      const endpointId = roomFor(job);
      if (endpointId === undefined) return true;
      sent.set(job.jobId, now);
      take(job.userId, endpointId, now + lasts(job.jobId, endpointId));
      full = open.every((endpoint) => share(endpoint) >= 1);
      return false;
    });
    if (waiting.length === 0) break;
    const next = Math.min(...flying.map(({ endsAt }) => endsAt));
    for (const { userId, endpointId } of flying.filter(({ endsAt }) => endsAt <= next)) {
      used.set(endpointId, (used.get(endpointId) ?? 1) - 1);
      owned.set(userId, (owned.get(userId) ?? 1) - 1);
    }
    flying = flying.filter(({ endsAt }) => endsAt > next);
    now = next;
  }
  return sent;
}
