import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Log } from '#src/ports/log.ts';
import type { StopAttempt, Worker } from '#src/ports/worker.ts';

const PAUSE_MS = 400;

/** Every call reaches a replica at random, so it is repeated until, by all likelihood, each of them has been asked. */
const triesFor = (capacity: number): number => 6 + 4 * capacity;

export type Stopper = {
  stopAttempt: StopAttempt;
  /** Runs the attempt's own request, which is given up as soon as the attempt is to stop: it may still be held for a GPU that wakes. */
  whileSending<T>(attemptId: string, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export function createStopper(deps: { endpoints: EndpointStore; worker: Worker; log: Log }): Stopper {
  const abort = new AbortController();
  // Many attempts may be told to stop at once; without this Node takes their waiting for a leak, and says so.
  setMaxListeners(0, abort.signal);
  const requests = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();

  async function stopping(attempt: { id: string; endpointId: string }): Promise<void> {
    const endpoint = await deps.endpoints.find(attempt.endpointId);
    if (!endpoint) return;
    for (let tries = triesFor(endpoint.capacity); tries > 0 && !abort.signal.aborted; tries -= 1) {
      try {
        await deps.worker.stop(endpoint, attempt.id, abort.signal);
      } catch (error) {
        deps.log.info(
          { err: error, attempt: attempt.id, endpoint: endpoint.name },
          'a replica could not be told to stop',
        );
      }
      await sleep(PAUSE_MS, undefined, { signal: abort.signal }).catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      });
    }
  }

  return {
    stopAttempt(attempt) {
      requests.get(attempt.id)?.abort();
      const task = stopping(attempt)
        .catch((error: unknown) => deps.log.error({ err: error, attempt: attempt.id }, 'stopping an attempt failed'))
        .finally(() => running.delete(task));
      running.add(task);
    },
    async whileSending(attemptId, send) {
      const request = new AbortController();
      requests.set(attemptId, request);
      try {
        return await send(request.signal);
      } finally {
        requests.delete(attemptId);
      }
    },
    async close() {
      abort.abort();
      await Promise.all(running);
    },
  };
}
