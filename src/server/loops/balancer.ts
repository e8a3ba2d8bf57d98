import { type BalancingFacts, type DuplicateOrder, duplicatesToSend } from '#src/domain/endpoints/balancing.ts';
import { groupBy } from '#src/domain/group-by.ts';
import type { DuplicateFigures, DuplicateStore } from '#src/ports/duplicates.ts';
import type { Breakers, Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { PlatformBoard } from '#src/ports/platform.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { sendDuplicate } from '#src/services/jobs/send-duplicate.ts';
import { createLoop } from './loop.ts';
import type { Stopper } from './stop-attempts.ts';

type Deps = Omit<Parameters<typeof sendDuplicate>[0], 'whileSending' | 'jobs' | 'breakers'> & {
  jobs: Parameters<typeof sendDuplicate>[0]['jobs'] & Pick<JobQueue, 'startTimes'>;
  duplicates: DuplicateStore;
  endpoints: EndpointStore;
  settings: SettingStore;
  breakers: Breakers;
  platformBoard: Pick<PlatformBoard, 'replicas'>;
  stopper: Pick<Stopper, 'whileSending'>;
  bus: Bus;
};

const IDLE_EVERY_MS = 1000;
const EVERY_MS = 100;
const START_TIMES_EVERY_MS = 10_000;
/** Where nothing is known of starts yet. */
const FIRST_START_TIMES_EVERY_MS = 500;
const COSTS_EVERY_MS = 2000;
/** What duplicates cost is judged by so much time. */
const WINDOW_MS = 10 * 60_000;

type Known = {
  readonly ranAt: number | null;
  readonly inVain: BalancingFacts['inVain'];
  /** Within the present window. */
  readonly ranMs: number;
  readonly readAt: number;
};

/** Sends attempts again that wait while a replica may idle (docs/decisions/balancing.md). */
export function createBalancer(deps: Deps) {
  const known = new Map<string, Known>();
  const sentOnce = new Set<string>();
  const sending = new Set<Promise<void>>();
  let startTimes: ReadonlyMap<string, readonly number[]> = new Map();
  let costs: ReadonlyMap<string, DuplicateFigures> = new Map();
  const readAt = { startTimes: Number.NEGATIVE_INFINITY, costs: Number.NEGATIVE_INFINITY, window: deps.clock.now() };
  const abort = new AbortController();
  let soon: NodeJS.Timeout | null = null;

  async function send(endpoint: Endpoint, { flight, ...order }: DuplicateOrder): Promise<void> {
    const whileSending: Stopper['whileSending'] = (id, fire) =>
      deps.stopper.whileSending(id, (signal) => fire(AbortSignal.any([abort.signal, signal])));
    try {
      if (await sendDuplicate({ ...deps, whileSending }, endpoint, { flight, ...order })) return;
    } catch (error) {
      deps.log.error({ err: error, job: flight.jobId, endpoint: endpoint.name }, 'sending a duplicate failed');
    }
    sentOnce.add(flight.attemptId);
  }

  /** As many as are up, where the platform tells. */
  const replicasOf = ({ id, capacity }: Endpoint): number =>
    Math.min(capacity, deps.platformBoard.replicas(id)?.running ?? capacity);

  async function readFigures(now: number): Promise<void> {
    const isTime = (what: keyof typeof readAt, everyMs: number): boolean => {
      if (Math.abs(now - readAt[what]) < everyMs) return false;
      readAt[what] = now;
      return true;
    };
    const every = startTimes.size === 0 ? FIRST_START_TIMES_EVERY_MS : START_TIMES_EVERY_MS;
    if (isTime('startTimes', every)) startTimes = await deps.jobs.startTimes();
    if (isTime('window', WINDOW_MS)) for (const [id, one] of known) known.set(id, { ...one, ranMs: 0 });
    if (isTime('costs', COSTS_EVERY_MS)) costs = await deps.duplicates.figures(readAt.window, now);
  }

  async function tick(): Promise<void> {
    const { balancing, dispatchPaused } = await deps.settings.read();
    if (abort.signal.aborted || !balancing || dispatchPaused) return;
    // Where there is one replica, it is the one that is busy.
    const isWorthIt = (await deps.endpoints.list()).some(({ enabled, capacity }) => enabled && capacity > 1);
    if (!isWorthIt) return;
    const flights = await deps.duplicates.flights();
    const now = deps.clock.now();
    await readFigures(now);
    const alive = new Set(flights.map(({ attemptId }) => attemptId));
    for (const id of sentOnce) if (!alive.has(id)) sentOnce.delete(id);
    for (const [endpointId, own] of groupBy(flights, (flight) => flight.endpointId)) {
      const endpoint = await deps.endpoints.find(endpointId);
      if (!endpoint) continue;
      const before = known.get(endpointId) ?? { ranAt: null, inVain: null, ranMs: 0, readAt: now };
      const running = own.filter(({ isRunning }) => isRunning).length;
      const ranMs = before.ranMs + running * Math.min(IDLE_EVERY_MS, Math.max(0, now - before.readAt));
      const ranAt = running > 0 ? now : before.ranAt;
      const { orders, inVain, isSoon } = duplicatesToSend(
        own.map((flight) => (sentOnce.has(flight.attemptId) ? { ...flight, isAccepted: false } : flight)),
        {
          replicas: replicasOf(endpoint),
          isOpen: endpoint.enabled && deps.breakers.capacity(endpointId, endpoint.capacity) === endpoint.capacity,
          ranAt,
          ranMs,
          wastedMs: costs.get(endpointId)?.wastedMs ?? 0,
          startTimes: startTimes.get(endpointId) ?? [],
          inVain: before.inVain,
        },
        now,
      );
      known.set(endpointId, { ranAt, inVain, ranMs, readAt: now });
      if (isSoon) wakeSoon();
      for (const { count, ...order } of orders)
        for (let nth = 0; nth < count; nth += 1) {
          const task = send(endpoint, { ...order, count: 1 }).finally(() => sending.delete(task));
          sending.add(task);
        }
    }
  }

  const loop = createLoop('balancer', IDLE_EVERY_MS, tick, deps.log);
  function wakeSoon(): void {
    soon ??= setTimeout(() => {
      soon = null;
      loop.nudge();
    }, EVERY_MS);
  }
  let unlisten: () => void = () => undefined;

  return {
    tick,
    start() {
      unlisten = deps.bus.listen((message) => {
        if (message.type === 'job.moved' && message.to !== 'queued') wakeSoon();
      });
      loop.start();
    },
    async stop() {
      // A replica may hold a request for minutes; what it was for is withdrawn below.
      abort.abort();
      unlisten();
      if (soon) clearTimeout(soon);
      await loop.stop();
      await Promise.all(sending);
      // Nobody would see which of them starts first.
      const now = deps.clock.now();
      for (const { duplicates } of await deps.duplicates.flights())
        for (const { id } of duplicates) await deps.duplicates.withdraw(id, now);
    },
  };
}
