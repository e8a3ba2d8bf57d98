import { leftOf, type Range, usualRun, usualRunOfLike, usualStart } from '#src/domain/jobs/estimate.ts';
import type { Waiting } from '#src/domain/jobs/fairness.ts';
import { forecast, MAX_AHEAD } from '#src/domain/jobs/forecast.ts';
import { HELD_MS } from '#src/domain/jobs/phase.ts';
import type { Breakers, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Estimates, Flying, InPhase, Measurements } from '#src/ports/statistics.ts';
import { createMeasuredMemory } from './measurement-cache.ts';

type Deps = {
  measurements: Measurements;
  endpoints: EndpointStore;
  settings: SettingStore;
  breakers: Pick<Breakers, 'capacity'>;
  board: { order(): readonly Waiting[] };
  bus: Bus;
  clock: Clock;
};

type QueueFacts = {
  readonly at: number;
  /** Until each job's turn. */
  readonly left: ReadonlyMap<string, Range>;
  readonly onGpus: Range | null;
  readonly all: Range | null;
};

const QUEUE_FRESH_MS = 1000;
const UNKNOWN: Range = { lowMs: Number.POSITIVE_INFINITY, highMs: Number.POSITIVE_INFINITY };
const NO_TIME: Range = { lowMs: 0, highMs: 0 };
const EDGES = ['lowMs', 'highMs'] as const;

/** When all of these are over; null when that is not known of one. */
function latest(ranges: readonly Range[]): Range | null {
  const all = {
    lowMs: Math.round(Math.max(0, ...ranges.map(({ lowMs }) => lowMs))),
    highMs: Math.round(Math.max(0, ...ranges.map(({ highMs }) => highMs))),
  };
  return Number.isFinite(all.highMs) ? all : null;
}

/** How long things take, from what was measured; and how long the line is, from that. */
export function createEstimates(deps: Deps): Estimates {
  const memory = createMeasuredMemory(deps);
  let queueFacts: Promise<QueueFacts> | null = null;
  let queueFactsAt = 0;

  async function runOf(endpointId: string, fingerprint: string | null): Promise<Range | null> {
    return usualRun(await memory.of(endpointId, fingerprint), fingerprint);
  }
  async function startOf(endpointId: string, cold: boolean): Promise<Range | null> {
    return usualStart((await memory.of(endpointId, null)).recent, cold);
  }

  async function leftOfFlying(one: Flying, now: number): Promise<Range> {
    const run = await runOf(one.endpointId, one.fingerprint);
    if (!run) return UNKNOWN;
    const left = (edge: (typeof EDGES)[number], start: Range): number =>
      one.startedAt === null
        ? leftOf(start[edge], now - one.sentAt) + run[edge]
        : leftOf(run[edge], now - one.startedAt);
    const start = (one.startedAt === null && (await startOf(one.endpointId, now - one.sentAt >= HELD_MS))) || NO_TIME;
    return { lowMs: left('lowMs', start), highMs: left('highMs', start) };
  }

  /** How long it will be until each waiting job's turn. */
  async function readQueueFacts(now: number): Promise<QueueFacts> {
    const order = deps.board.order().slice(0, MAX_AHEAD);
    const [settings, endpoints, waiting, flying] = await Promise.all([
      deps.settings.read(),
      deps.endpoints.list(),
      deps.measurements.waiting(),
      deps.measurements.flying(),
    ]);
    const inFlight: (Flying & { left: Range })[] = [];
    for (const one of flying) inFlight.push({ ...one, left: await leftOfFlying(one, now) });
    const onGpus = latest(inFlight.map(({ left }) => left));
    if (settings.dispatchPaused) return { at: now, left: new Map(), onGpus, all: null };
    const lasts = new Map<string, Range>();
    const keyOf = (jobId: string, endpointId: string): string => `${endpointId} ${waiting.get(jobId) ?? ''}`;
    for (const { id } of endpoints) {
      const start = (await startOf(id, false)) ?? NO_TIME;
      for (const { jobId } of order) {
        const key = keyOf(jobId, id);
        if (lasts.has(key)) continue;
        const run = await runOf(id, waiting.get(jobId) ?? null);
        lasts.set(key, run ? { lowMs: start.lowMs + run.lowMs, highMs: start.highMs + run.highMs } : UNKNOWN);
      }
    }
    const slots = endpoints.map((endpoint) => ({
      ...endpoint,
      capacity: deps.breakers.capacity(endpoint.id, endpoint.capacity),
    }));
    const [low, high] = EDGES.map((edge) =>
      forecast({
        order,
        inFlight: inFlight.map((one) => ({ ...one, leftMs: one.left[edge] })),
        endpoints: slots,
        inFlightCap: settings.inFlightCap,
        lasts: (jobId, endpointId) => (lasts.get(keyOf(jobId, endpointId)) ?? UNKNOWN)[edge],
      }),
    );
    const left = new Map<string, Range>();
    for (const [jobId, one] of low ?? []) {
      const other = high?.get(jobId);
      // Where jobs last longer, the order of turns can come out otherwise.
      if (other !== undefined) left.set(jobId, { lowMs: Math.min(one, other), highMs: Math.max(one, other) });
    }
    const ends = order.map(({ jobId }) => {
      const turn = left.get(jobId);
      const runs = slots.filter(({ enabled }) => enabled).map(({ id }) => lasts.get(keyOf(jobId, id)) ?? UNKNOWN);
      return turn && runs.length > 0
        ? {
            lowMs: turn.lowMs + Math.min(...runs.map(({ lowMs }) => lowMs)),
            highMs: turn.highMs + Math.max(...runs.map(({ highMs }) => highMs)),
          }
        : UNKNOWN;
    });
    const isWhole = deps.board.order().length <= MAX_AHEAD;
    return { at: now, left, onGpus, all: isWhole ? latest([...inFlight.map((one) => one.left), ...ends]) : null };
  }

  function readFreshQueueFacts(): Promise<QueueFacts> {
    const now = deps.clock.now();
    if (!queueFacts || Math.abs(now - queueFactsAt) >= QUEUE_FRESH_MS) {
      queueFactsAt = now;
      queueFacts = readQueueFacts(now);
      queueFacts.catch(() => {
        queueFacts = null;
      });
    }
    return queueFacts;
  }

  async function untilTurn(jobId: string, since: number): Promise<Range | null> {
    const { at, left } = await readFreshQueueFacts();
    const range = left.get(jobId);
    const waited = Math.max(0, at - since);
    return range ? { lowMs: waited + range.lowMs, highMs: waited + range.highMs } : null;
  }

  async function rangeOf({ jobId, phase, since, fingerprint, endpointId }: InPhase): Promise<Range | null> {
    switch (phase) {
      case 'waiting':
        return untilTurn(jobId, since);
      case 'sent':
      case 'waking':
        return endpointId === null ? null : startOf(endpointId, phase === 'waking');
      case 'rendering':
        return endpointId === null ? null : usualRunOfLike(await memory.of(endpointId, fingerprint));
      case 'delivering':
      case 'done':
      case 'failed':
      case 'cancelled':
        return null;
    }
  }

  return {
    async of(jobs) {
      await memory.refresh();
      const ranges = new Map<string, Range>();
      for (const job of jobs) {
        const range = await rangeOf(job);
        if (range) ranges.set(job.jobId, { lowMs: Math.round(range.lowMs), highMs: Math.round(range.highMs) });
      }
      return ranges;
    },
    async left() {
      await memory.refresh();
      const { onGpus, all } = await readFreshQueueFacts();
      return { onGpus, all };
    },
  };
}
