import { nextWarmUp } from '#src/domain/endpoints/warm-up.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { Breakers, Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { AttemptReader, JobIntake, JobMoves, JobQueue } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Measurements } from '#src/ports/statistics.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { livesOf } from '#src/services/endpoints/lives-of.ts';
import { warmUp } from '#src/services/endpoints/warm-up.ts';
import { createLoop } from './loop.ts';

type Deps = {
  jobs: JobIntake & JobQueue & AttemptReader & JobMoves;
  endpoints: EndpointStore;
  measurements: Measurements;
  settings: SettingStore;
  workflows: WorkflowStore;
  users: UserStore;
  breakers: Breakers;
  stopAttempt: StopAttempt;
  auditLog: AuditLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  log: Log;
};

const EVERY_MS = 5000;

/** Sends a warm-up to each endpoint that is to be kept warm whenever it would go cold, until the time that was given. */
export function createWarmUpScheduler(deps: Deps) {
  /** When each was sent one last, whatever came of it. */
  const tried = new Map<string, number>();
  /** Something is kept warm, or was until just now. */
  let isUsed = false;

  async function end(endpoint: Endpoint, why: string): Promise<void> {
    const entry = {
      at: deps.clock.now(),
      actor: null,
      type: 'endpoint.warmEnded',
      subjectId: endpoint.id,
      detail: { endpoint: endpoint.name, why },
    };
    await deps.auditLog.record(entry, () => deps.endpoints.keepWarm(endpoint.id, null));
    tried.delete(endpoint.id);
  }

  /** Those that nobody waits for any more must not start a GPU. */
  async function callOff(endpoints: readonly Endpoint[]): Promise<Set<string>> {
    const kept = new Set(endpoints.flatMap(({ id, keepWarmUntil }) => (keepWarmUntil === null ? [] : [id])));
    const underWay = new Set<string>();
    for (const { jobId, endpointId } of await deps.jobs.warmUps()) {
      if (endpointId !== null && kept.has(endpointId)) {
        underWay.add(endpointId);
        continue;
      }
      if (!(await deps.jobs.cancel({ jobId, now: deps.clock.now() }))) continue;
      const attempt = (await deps.jobs.newestAttempts([jobId])).get(jobId);
      if (attempt) deps.stopAttempt(attempt);
    }
    return underWay;
  }

  async function tick(): Promise<void> {
    const now = deps.clock.now();
    for (const endpoint of await deps.endpoints.list())
      if (endpoint.keepWarmUntil !== null && endpoint.keepWarmUntil <= now) await end(endpoint, 'its time is up');
    const [endpoints, settings] = await Promise.all([deps.endpoints.list(), deps.settings.read()]);
    const underWay = await callOff(endpoints);
    isUsed = underWay.size > 0 || endpoints.some(({ keepWarmUntil }) => keepWarmUntil !== null);
    if (settings.dispatchPaused) return;
    for (const endpoint of endpoints) {
      const { id, enabled, capacity, keepWarmUntil } = endpoint;
      if (keepWarmUntil === null || underWay.has(id) || !enabled || deps.breakers.capacity(id, capacity) === 0)
        continue;
      const due = nextWarmUp(await livesOf(deps, id), tried.get(id) ?? null, now, settings.staysWarmMs);
      if (due === null || due > now) continue;
      tried.set(id, now);
      if (!(await warmUp(deps, endpoint))) await end(endpoint, 'its workflow was removed');
    }
  }

  const loop = createLoop('warmth', EVERY_MS, tick, deps.log);
  let unlisten: () => void = () => undefined;
  return {
    start() {
      unlisten = deps.bus.listen((message) => {
        const isEnd = message.type === 'job.moved' && isFinal(message.to);
        if (message.type === 'settings.changed' || (isEnd && isUsed)) loop.nudge();
      });
      loop.start();
    },
    stop() {
      unlisten();
      return loop.stop();
    },
  };
}
