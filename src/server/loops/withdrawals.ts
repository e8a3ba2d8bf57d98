import { groupBy } from '#src/domain/group-by.ts';
import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Worker } from '#src/ports/worker.ts';
import { sleep } from '../sleep.ts';
import { createLoop } from './loop.ts';
import { callsAtOnce, PAUSE_MS, type Stopper, triesFor } from './stop-attempts.ts';

type Deps = {
  duplicates: Pick<DuplicateStore, 'withdrawn'>;
  endpoints: Pick<EndpointStore, 'find'>;
  worker: Pick<Worker, 'withdraw'>;
  stopper: Pick<Stopper, 'giveUpRequest'>;
  bus: Bus;
  clock: Clock;
  log: Log;
};

const EVERY_MS = 1000;
/** At a stop: long enough for the first calls, which reach most replicas. */
const FINISH_MS = 1000;
/** Those withdrawn longer ago have been withdrawn often enough; after a restart, they are begun with anew. */
const RECENT_MS = 20_000;

/** Takes duplicates that are not wanted any more out of the queues of replicas: one request for all of them, repeated until each replica has very likely had it. */
export function createWithdrawals(deps: Deps) {
  /** By duplicate: how often a replica has been asked to drop it. */
  const asked = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const open = new Map<string, Set<string>>();
  /** Between two requests to an endpoint: one that has just come does not wait for its end. */
  const pauses = new Map<string, AbortController>();
  const abort = new AbortController();

  async function work(endpointId: string, ids: Set<string>): Promise<void> {
    let isLogged = false;
    while (ids.size > 0 && !abort.signal.aborted) {
      const endpoint = await deps.endpoints.find(endpointId);
      if (!endpoint) return ids.clear();
      const tries = triesFor(endpoint.capacity);
      const now = [...ids];
      const calls = callsAtOnce(Math.min(...now.map((id) => asked.get(id) ?? 0)), endpoint.capacity);
      for (const id of now) {
        const times = (asked.get(id) ?? 0) + calls;
        asked.set(id, times);
        if (times >= tries) ids.delete(id);
      }
      const call = async (): Promise<void> => {
        try {
          await deps.worker.withdraw(endpoint, now, abort.signal);
        } catch (err) {
          if (!isLogged) deps.log.info({ err, endpoint: endpoint.name }, 'could not withdraw duplicates');
          isLogged = true;
        }
      };
      await Promise.all(Array.from({ length: calls }, call));
      const pause = new AbortController();
      pauses.set(endpointId, pause);
      await sleep(PAUSE_MS, AbortSignal.any([abort.signal, pause.signal]));
    }
  }

  function begin(endpointId: string, ids: Set<string>): void {
    const task = work(endpointId, ids)
      .catch((err: unknown) => deps.log.error({ err }, 'withdrawing duplicates failed'))
      .finally(() => {
        running.delete(endpointId);
        if (ids.size > 0 && !abort.signal.aborted) begin(endpointId, ids);
      });
    running.set(endpointId, task);
  }

  async function tick(): Promise<void> {
    const recent = await deps.duplicates.withdrawn(deps.clock.now() - RECENT_MS);
    const ids = new Set(recent.map(({ id }) => id));
    for (const id of asked.keys()) if (!ids.has(id)) asked.delete(id);
    for (const [endpointId, own] of groupBy(recent, (one) => one.endpointId)) {
      const all = open.get(endpointId) ?? new Set();
      open.set(endpointId, all);
      for (const { id } of own) {
        if (asked.has(id)) continue;
        deps.stopper.giveUpRequest(id);
        all.add(id);
        pauses.get(endpointId)?.abort();
      }
      if (all.size > 0 && !running.has(endpointId)) begin(endpointId, all);
    }
  }

  const loop = createLoop('withdrawals', EVERY_MS, tick, deps.log);
  let unlisten: () => void = () => undefined;
  return {
    tick,
    start() {
      unlisten = deps.bus.listen((message) => {
        if (message.type === 'duplicates.withdrawn') loop.nudge();
      });
      loop.start();
    },
    async stop() {
      unlisten();
      await loop.stop();
      await tick().catch((err: unknown) => deps.log.error({ err }, 'withdrawing duplicates failed'));
      const timer = setTimeout(() => abort.abort(), FINISH_MS);
      await Promise.all(running.values());
      clearTimeout(timer);
    },
  };
}
