import { afterFailure, allowedCapacity, CLOSED, coolDownEnd } from '#src/domain/endpoints/circuit-breaker.ts';
import { isPaused } from '#src/domain/endpoints/http-answer.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Breakers, Circuit, EndpointStore } from '#src/ports/endpoints.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { TIMINGS } from '../timings.ts';

type Deps = {
  endpoints: Pick<EndpointStore, 'circuits' | 'saveCircuit'>;
  auditLog: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
};

const WORKING: Circuit = { ...CLOSED, closedUntil: 0 };
/** Of one endpoint since it worked last. */
const MAX_COUNTED = 100;

/** Which endpoints cool down, or were paused for a while: in memory for every decision, and stored with each change for the next start. */
export function createBreakers({ endpoints, auditLog, clock, log }: Deps, coolDowns = TIMINGS.coolDowns): Breakers {
  const circuits = new Map<string, Circuit>();
  const busy = new Map<string, number>();
  const counted = new Map<string, readonly string[]>();
  const of = (endpointId: string): Circuit => circuits.get(endpointId) ?? WORKING;
  const ahead = (time: number): number | null => (time > clock.now() ? time : null);
  const closedUntil = (endpointId: string): number | null => ahead(of(endpointId).closedUntil);
  const isBusy = (endpointId: string): boolean => isPaused(busy.get(endpointId) ?? 0, clock.now());

  /** What an endpoint does is known whether or not it can be stored. */
  async function store(endpointId: string, news: { type: string; detail: Record<string, unknown> } | null) {
    const save = () => endpoints.saveCircuit(endpointId, of(endpointId));
    try {
      if (news === null) await save();
      else await auditLog.record({ at: clock.now(), actor: null, subjectId: endpointId, ...news }, save);
    } catch (error) {
      log.error({ err: error, endpoint: endpointId }, 'could not store the state of a circuit breaker');
    }
  }

  return {
    async restore() {
      for (const [id, circuit] of await endpoints.circuits()) circuits.set(id, circuit);
    },
    async failed(endpointId, kind, attemptId) {
      const seen = counted.get(endpointId) ?? [];
      if (seen.includes(attemptId)) return;
      counted.set(endpointId, [...seen, attemptId].slice(-MAX_COUNTED));
      const now = clock.now();
      const before = of(endpointId);
      const next = afterFailure(before, kind, now, coolDowns);
      circuits.set(endpointId, { ...before, ...next });
      const opened = next.openUntil > now;
      if (opened)
        log.warn(
          { endpoint: endpointId, kind, failures: next.failures, restMs: next.openUntil - now },
          'circuit breaker opened',
        );
      const detail = { until: new Date(next.openUntil).toISOString(), kind };
      await store(endpointId, opened && before.openUntil === 0 ? { type: 'endpoint.rests', detail } : null);
    },
    async worked(endpointId) {
      const before = of(endpointId);
      counted.delete(endpointId);
      if (before.failures === 0) return;
      circuits.set(endpointId, { ...before, ...CLOSED });
      await store(endpointId, before.openUntil > 0 ? { type: 'endpoint.works', detail: {} } : null);
    },
    busy: (endpointId, until) => void busy.set(endpointId, Math.max(until, busy.get(endpointId) ?? 0)),
    accepted: (endpointId) => void (isBusy(endpointId) || busy.delete(endpointId)),
    busyUntil: () => new Map([...busy].filter(([endpointId]) => isBusy(endpointId))),
    capacity(endpointId, capacity, inFlight) {
      if (closedUntil(endpointId) !== null || isBusy(endpointId)) return 0;
      const allowed = allowedCapacity(of(endpointId), capacity, clock.now(), coolDowns);
      return busy.has(endpointId) && inFlight !== undefined ? Math.min(allowed, inFlight + 1) : allowed;
    },
    restsUntil: (endpointId) =>
      ahead(Math.max(coolDownEnd(of(endpointId), clock.now(), coolDowns) ?? 0, of(endpointId).closedUntil)),
    async close(endpointId, until) {
      await endpoints.saveCircuit(endpointId, { ...of(endpointId), closedUntil: until });
      circuits.set(endpointId, { ...of(endpointId), closedUntil: until });
    },
    closedUntil,
    async open(endpointId) {
      await endpoints.saveCircuit(endpointId, WORKING);
      circuits.delete(endpointId);
      counted.delete(endpointId);
      busy.delete(endpointId);
    },
  };
}
