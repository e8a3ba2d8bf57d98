import { setMaxListeners } from 'node:events';
import { readsInterruptId } from '#src/domain/endpoints/worker-version.ts';
import type { Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Log } from '#src/ports/log.ts';
import type { AskEndpoint, StopAttempt, Worker, WorkerVersions } from '#src/ports/worker.ts';
import { sleep } from '../sleep.ts';

export const PAUSE_MS = 200;
const MAX_AT_ONCE = 64;
const VERSION_TIMEOUT_MS = 10_000;

/** Every call reaches a replica at random, so it is repeated until, by all likelihood, each of them has been asked. */
export const triesFor = (capacity: number): number => 6 + 4 * capacity;

/** Of so many calls for each replica, made together, 19 of 20 replicas are reached by one at least: what runs meanwhile costs GPU time. */
export const callsAtOnce = (made: number, capacity: number): number =>
  made === 0 ? Math.min(3 * capacity, MAX_AT_ONCE) : 1;

export type Stopper = {
  stopAttempt: StopAttempt;
  /** Of an attempt that is not wanted any more. */
  giveUpRequest(attemptId: string): void;
  /** Runs the attempt's own request, which is given up as soon as the attempt is to stop: it may still be held for a GPU that starts. */
  whileSending<T>(attemptId: string, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

type Deps = {
  endpoints: Pick<EndpointStore, 'find'>;
  worker: Pick<Worker, 'stop'>;
  workerVersions: WorkerVersions & { learn(endpointId: string, version: string): void };
  askEndpoint: AskEndpoint;
  log: Log;
};

export function createStopper(deps: Deps): Stopper {
  const abort = new AbortController();
  // Many attempts may be told to stop at once; without this Node takes their waiting for a leak, and says so.
  setMaxListeners(0, abort.signal);
  const requests = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();

  /** After a start nobody may have asked yet, and what was left running then is to be stopped too. */
  async function learnVersion(endpoint: Endpoint): Promise<void> {
    if (deps.workerVersions.versionOf(endpoint.id) !== null) return;
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(VERSION_TIMEOUT_MS)]);
    const answer = await deps.askEndpoint(endpoint, signal);
    if (answer.type === 'answered' && answer.version !== null) deps.workerVersions.learn(endpoint.id, answer.version);
  }

  async function stopping({ id: promptId, endpointId }: { id: string; endpointId: string }): Promise<void> {
    const endpoint = await deps.endpoints.find(endpointId);
    if (!endpoint) return;
    let isLogged = false;
    const call = async (interrupt: boolean): Promise<void> => {
      try {
        await deps.worker.stop(endpoint, { promptId, interrupt }, abort.signal);
      } catch (error) {
        if (!isLogged)
          deps.log.info(
            { err: error, attempt: promptId, endpoint: endpoint.name },
            'could not send a cancellation to a replica',
          );
        isLogged = true;
      }
    };
    for (let made = 0; made < triesFor(endpoint.capacity) && !abort.signal.aborted; ) {
      await learnVersion(endpoint);
      const interrupt = readsInterruptId(deps.workerVersions.versionOf(endpointId));
      const calls = callsAtOnce(made, endpoint.capacity);
      await Promise.all(Array.from({ length: calls }, () => call(interrupt)));
      made += calls;
      await sleep(PAUSE_MS, abort.signal);
    }
  }

  const giveUpRequest = (attemptId: string): void => requests.get(attemptId)?.abort();

  return {
    giveUpRequest,
    stopAttempt(attempt) {
      giveUpRequest(attempt.id);
      const task = stopping(attempt)
        .catch((error: unknown) => deps.log.error({ err: error, attempt: attempt.id }, 'could not stop an attempt'))
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
