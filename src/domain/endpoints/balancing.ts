/** One attempt in flight, with those of its duplicates that are not withdrawn. Times are epoch ms. */
export type Flight = {
  readonly jobId: string;
  readonly attemptId: string;
  readonly endpointId: string;
  readonly sentAt: number;
  /** A worker has surely taken it. */
  readonly isAccepted: boolean;
  readonly isRunning: boolean;
  readonly warmUp: boolean;
  readonly duplicates: readonly { readonly id: string; readonly sentAt: number }[];
};

export type BalancingFacts = {
  /** As many as its operator, and the platform, say. */
  readonly replicas: number;
  /** Its circuit is closed, and it is not busy. */
  readonly isOpen: boolean;
  /** For how long attempts ran there recently, and duplicates that nobody needed, ms. */
  readonly ranMs: number;
  readonly wastedMs: number;
  /** When something last ran there; null = not known. */
  readonly ranAt: number | null;
  /** How long its newest attempts took from being sent to their first activity, ms. */
  readonly startTimes: readonly number[];
  /** When every duplicate of an attempt had been in vain, and how many were running then: no more replicas than these are up. */
  readonly inVain: { readonly at: number; readonly running: number } | null;
};

export const BALANCING = {
  /** Before this an attempt may be about to start. */
  minDelayMs: 300,
  /** Where so few of the replicas idle, it is most likely not: it is sent again at once, unless starts are seen so late that too many would start. */
  fewIdle: 0.4,
  lateStartMs: 600,
  maxDelayMs: 5000,
  /** Where nothing is known of starts. */
  unknownDelayMs: 1000,
  /** Where nothing has run for so long, replicas may be gone. */
  warmMs: 60_000,
  /** Live duplicates of one attempt, for each replica, and in all. */
  perReplica: 3,
  maxDuplicates: 24,
  /** Of all attempts at one endpoint: each has a folder that is watched. */
  maxLive: 100,
  inVainMs: 10_000,
  /** Whether more replicas have come up meanwhile is tried so often. */
  exploreEveryMs: 5000,
  /** Of the GPU time that attempts use, duplicates may waste so much, and a little at first. What runs just now is not known yet: it stays under 2 %. */
  wastedShare: 0.012,
  wastedFirstMs: 1000,
};

/** How long an attempt at an idle replica may take to show its start: the faster starts tell of those, the slower ones had to wait for others. */
export function startDelayMs(startTimes: readonly number[], limits = BALANCING): number {
  const fast = [...startTimes].sort((a, b) => a - b)[Math.floor(startTimes.length / 4)];
  const usual = fast === undefined ? limits.unknownDelayMs : 1.5 * fast;
  return Math.min(limits.maxDelayMs, Math.max(limits.minDelayMs, usual));
}

export const maxDuplicates = (replicas: number, limits = BALANCING): number =>
  replicas <= 1 ? 0 : Math.min(limits.maxDuplicates, limits.perReplica * replicas);

/** One more sending of `flight`, and the duplicate that it replaces where there are enough of them. */
export type DuplicateOrder = { readonly flight: Flight; readonly count: number; readonly replaces: string | null };

/** `isSoon`: something waits that may be sent again within a moment. */
type Decision = { orders: DuplicateOrder[]; inVain: BalancingFacts['inVain']; isSoon: boolean };

const lastSentAt = ({ sentAt, duplicates }: Flight): number => Math.max(sentAt, ...duplicates.map((one) => one.sentAt));

/**
 * Which attempts at one endpoint are sent again, and how often. A balancer at random puts jobs behind others while a replica idles; another sending may reach that one.
 * As many attempts as replicas may idle, those that have waited longest first, each as often as makes it likely.
 */
export function duplicatesToSend(
  flights: readonly Flight[],
  facts: BalancingFacts,
  now: number,
  limits = BALANCING,
): Decision {
  const running = flights.filter(({ isRunning }) => isRunning).length;
  const isWarm = running > 0 || (facts.ranAt !== null && Math.abs(now - facts.ranAt) < limits.warmMs);
  const most = maxDuplicates(facts.replicas, limits);
  const isTooDear = facts.wastedMs > limits.wastedFirstMs + limits.wastedShare * facts.ranMs;
  if (!facts.isOpen || !isWarm || isTooDear || most === 0 || running >= facts.replicas)
    return { orders: [], inVain: null, isSoon: false };
  const delayMs = startDelayMs(facts.startTimes, limits);
  const waiting = flights
    .filter(({ isRunning, isAccepted, warmUp }) => !isRunning && isAccepted && !warmUp)
    .sort((a, b) => a.sentAt - b.sentAt);
  const isDue = (flight: Flight, ms: number): boolean => now - lastSentAt(flight) >= ms;
  const isStuck = waiting.some((flight) => flight.duplicates.length >= most && isDue(flight, delayMs));
  const { inVain: before } = facts;
  const isKnown = before !== null && Math.abs(now - before.at) < limits.inVainMs && running <= before.running;
  const inVain = isKnown ? before : isStuck ? { at: now, running } : null;
  const idle = Math.min(facts.replicas, inVain?.running ?? facts.replicas) - running;
  // So many reach one of the idle replicas about every other time: more would start on two of them.
  const atOnce = Math.ceil(facts.replicas / (2 * Math.max(1, idle)));
  const isAtOnce = idle / facts.replicas < limits.fewIdle && delayMs < limits.lateStartMs;
  let room = limits.maxLive - flights.reduce((sum, { duplicates }) => sum + duplicates.length, 0);
  const orders = waiting
    .slice(0, idle)
    .filter((flight) => isDue(flight, isAtOnce && flight.duplicates.length === 0 ? 0 : delayMs))
    .filter((flight) => flight.duplicates.length < most)
    .flatMap((flight): DuplicateOrder[] => {
      const count = Math.max(0, Math.min(atOnce, most - flight.duplicates.length, room));
      room -= count;
      return count > 0 ? [{ flight, count, replaces: null }] : [];
    });
  const first = waiting[0];
  if (idle <= 0 && first && room > 0 && isDue(first, limits.exploreEveryMs)) {
    const oldest =
      first.duplicates.length >= most ? first.duplicates.reduce((a, b) => (b.sentAt < a.sentAt ? b : a)) : null;
    orders.push({ flight: first, count: 1, replaces: oldest?.id ?? null });
  }
  return { orders, inVain, isSoon: idle > 0 && waiting.length > 0 };
}
