import { groupBy } from '../group-by.ts';

export type Waiting = {
  readonly jobId: string;
  readonly userId: string;
  readonly priority: number;
  readonly queuedAt: number;
  /** How many jobs of its owner may be in flight, where that is a number of their own. */
  readonly cap?: number | null;
  /** Endpoints that lost an attempt of it: another one is better, where there is one. */
  readonly avoid: readonly string[];
  /** Endpoints that rejected its graph, or would by what is known of their nodes: only where there is no other one at all. */
  readonly rejectedBy?: readonly string[];
  /** The only endpoint that it may be sent to: it is a warm-up, and no cap holds it back. */
  readonly only?: string | null;
};
export type EndpointSlot = {
  readonly id: string;
  readonly capacity: number;
  readonly enabled: boolean;
  readonly pricing: 'spot' | 'on-demand';
  /** Lower goes first; among equals, the one with the largest free share. */
  readonly place?: number;
};

export type Queue = {
  readonly waiting: readonly Waiting[];
  /** `userId` null = a warm-up: it takes room at the endpoint, and counts for nobody. */
  readonly inFlight: readonly { readonly userId: string | null; readonly endpointId: string }[];
  /** When each participant was last served (epoch ms); absent = never. */
  readonly lastServed: ReadonlyMap<string, number>;
};

/** fair: in rounds. first-come: by arrival alone. priority: who was put first, then by arrival. */
export const FAIRNESS = ['fair', 'first-come', 'priority'] as const;
export type Fairness = (typeof FAIRNESS)[number];

export type FairnessRules = {
  readonly endpoints: readonly EndpointSlot[];
  /** At most so many jobs of one participant are in flight at a time, unless they have a number of their own. */
  readonly inFlightCap: number;
  readonly spotFirst: boolean;
  readonly fairness: Fairness;
  readonly paused: boolean;
};

const byOwnOrder = (a: Waiting, b: Waiting): number => a.queuedAt - b.queuedAt || (a.jobId < b.jobId ? -1 : 1);

/** The order in which one participant's jobs get their turn. */
const ownOrder =
  (fairness: Fairness) =>
  (a: Waiting, b: Waiting): number =>
    (fairness === 'first-come' ? 0 : b.priority - a.priority) || byOwnOrder(a, b);

/** Each participant's waiting jobs, in the order of their turns. */
export function lanesOf(waiting: readonly Waiting[], fairness: Fairness): Map<string, Waiting[]> {
  const lanes = groupBy(waiting, ({ userId }) => userId);
  for (const lane of lanes.values()) lane.sort(ownOrder(fairness));
  return lanes;
}

/** Whether this job goes behind all others of its owner's lane. */
export function isLast(lane: readonly Waiting[], job: Waiting, fairness: Fairness): boolean {
  const last = lane.at(-1);
  return last === undefined || ownOrder(fairness)(last, job) < 0;
}

const newest = (lastServed: ReadonlyMap<string, number>): number => Math.max(0, ...lastServed.values());

/** The order in which waiting jobs get their turn. */
export function turns(queue: Pick<Queue, 'waiting' | 'lastServed'>, fairness: Fairness): Waiting[] {
  switch (fairness) {
    case 'fair':
      return rounds(queue);
    case 'first-come':
      return [...queue.waiting].sort(byOwnOrder);
    case 'priority':
      return [...queue.waiting].sort((a, b) => b.priority - a.priority || byOwnOrder(a, b));
  }
}

/**
 * Higher priority first; within one priority, rounds in which each participant has one job, and in
 * every round whoever was served longest ago comes first. So nobody waits for more than one job of each other participant before their next turn.
 */
function rounds(queue: Pick<Queue, 'waiting' | 'lastServed'>): Waiting[] {
  const lanes = new Map<number, Map<string, Waiting[]>>();
  for (const job of queue.waiting) {
    const lane = lanes.get(job.priority) ?? new Map<string, Waiting[]>();
    lanes.set(job.priority, lane);
    const own = lane.get(job.userId);
    if (own) own.push(job);
    else lane.set(job.userId, [job]);
  }
  const order: Waiting[] = [];
  const served = new Map(queue.lastServed);
  let latest = newest(queue.lastServed);
  const servedAt = (jobs: Waiting[]): number => served.get(jobs[0]!.userId) ?? Number.NEGATIVE_INFINITY;
  for (const [, lane] of [...lanes].sort(([a], [b]) => b - a)) {
    let owners = [...lane.values()].map((jobs) => jobs.sort(byOwnOrder));
    owners.sort((a, b) => {
      const [first, second] = [servedAt(a), servedAt(b)];
      return first === second ? byOwnOrder(a[0]!, b[0]!) : first - second;
    });
    for (let round = 0; owners.length > 0; round += 1) {
      for (const jobs of owners) {
        order.push(jobs[round]!);
        latest += 1;
        served.set(jobs[0]!.userId, latest);
      }
      owners = owners.filter((jobs) => jobs.length > round + 1);
    }
  }
  return order;
}

/** The endpoints that a job is not sent to, as long as there is another one. */
export const unfitFor = (
  { avoid, rejectedBy = [] }: Pick<Waiting, 'avoid' | 'rejectedBy'>,
  endpoints: readonly { readonly id: string }[],
): readonly string[] =>
  [[...avoid, ...rejectedBy], rejectedBy].find((unfit) => endpoints.some(({ id }) => !unfit.includes(id))) ?? [];

/** Which waiting job goes where now, or null when nobody can be served. */
export function chooseNext(
  queue: Queue,
  rules: FairnessRules,
): { jobId: string; userId: string; endpointId: string } | null {
  if (rules.paused) return null;
  const free = freeEndpoints(queue, rules);
  if (free.length === 0) return null;
  const enabled = rules.endpoints.filter((endpoint) => endpoint.enabled);
  const endpointFor = (job: Waiting): EndpointSlot | undefined => {
    if (job.only) return free.find(({ id }) => id === job.only);
    const unfit = unfitFor(job, enabled);
    return free.find(({ id }) => !unfit.includes(id));
  };
  const inFlight = new Map<string | null, number>();
  for (const { userId } of queue.inFlight) inFlight.set(userId, (inFlight.get(userId) ?? 0) + 1);
  for (const job of turns(queue, rules.fairness)) {
    if (!job.only && (inFlight.get(job.userId) ?? 0) >= (job.cap ?? rules.inFlightCap)) continue;
    const endpoint = endpointFor(job);
    if (endpoint) return { jobId: job.jobId, userId: job.userId, endpointId: endpoint.id };
  }
  return null;
}

/** How many jobs the endpoints could take now. */
export const room = ({ inFlight }: Pick<Queue, 'inFlight'>, { paused, endpoints }: FairnessRules): number => {
  if (paused) return 0;
  const used = groupBy(inFlight, ({ endpointId }) => endpointId);
  return endpoints.reduce(
    (sum, { id, enabled, capacity }) => sum + (enabled ? Math.max(0, capacity - (used.get(id)?.length ?? 0)) : 0),
    0,
  );
};

/** Enabled endpoints with room: spot before on-demand when the operator says so, then in the operator's order, then the largest free share first. */
function freeEndpoints(queue: Queue, rules: FairnessRules): EndpointSlot[] {
  const free = rules.endpoints
    .filter(({ enabled }) => enabled)
    .map((endpoint) => ({
      endpoint,
      used: queue.inFlight.filter(({ endpointId }) => endpointId === endpoint.id).length,
    }))
    .filter(({ endpoint, used }) => used < endpoint.capacity);
  const spotRank = ({ endpoint }: (typeof free)[number]): number =>
    rules.spotFirst && endpoint.pricing !== 'spot' ? 1 : 0;
  free.sort(
    (a, b) =>
      spotRank(a) - spotRank(b) ||
      (a.endpoint.place ?? 0) - (b.endpoint.place ?? 0) ||
      a.used / a.endpoint.capacity - b.used / b.endpoint.capacity ||
      (a.endpoint.id < b.endpoint.id ? -1 : 1),
  );
  return free.map(({ endpoint }) => endpoint);
}

/**
 * The line after a decision was carried out. The time of its turn is later than all others', though several are served in one millisecond or the clock
 * was set back: of two equal times the one with the older jobs would win every time. It is this time that has to be stored.
 */
export function afterServing(
  queue: Queue,
  choice: { jobId: string; userId: string; endpointId: string },
  now: number,
): Queue {
  return {
    waiting: queue.waiting.filter(({ jobId }) => jobId !== choice.jobId),
    inFlight: [...queue.inFlight, { userId: choice.userId, endpointId: choice.endpointId }],
    lastServed: new Map(queue.lastServed).set(choice.userId, Math.max(now, newest(queue.lastServed) + 1)),
  };
}
