import { z } from 'zod';
import {
  afterFailure,
  allowedCapacity,
  type Breaker,
  CLOSED,
  coolDownEnd,
  recalled,
} from '#src/domain/endpoints/circuit-breaker.ts';
import { isPaused } from '#src/domain/endpoints/http-answer.ts';
import type { AuditEvent, AuditLog } from '#src/ports/audit-log.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { TIMINGS } from '../process/timings.ts';

/** Which endpoints rest, or were closed for a while. Kept in memory; at a start it is recalled from what is stored. */
export function createBreakers(
  clock: Clock,
  log: Log,
  auditLog: Pick<AuditLog, 'write'>,
  coolDowns = TIMINGS.coolDowns,
): Breakers {
  const breakers = new Map<string, Breaker>();
  const closed = new Map<string, number>();
  const busy = new Map<string, number>();
  const of = (endpointId: string): Breaker => breakers.get(endpointId) ?? CLOSED;
  const ahead = (time: number): number | null => (time > clock.now() ? time : null);
  const closedUntil = (endpointId: string): number | null => ahead(closed.get(endpointId) ?? 0);
  const isBusy = (endpointId: string): boolean => isPaused(busy.get(endpointId) ?? 0, clock.now());
  const tell = (type: string, endpointId: string, detail: Record<string, unknown>): void =>
    void auditLog
      .write({ at: clock.now(), actor: null, type, subjectId: endpointId, detail })
      .catch((error: unknown) => log.error({ err: error }, 'could not record an endpoint’s state change'));
  return {
    failed(endpointId, kind) {
      const now = clock.now();
      const isTold = of(endpointId).openUntil > 0;
      const next = afterFailure(of(endpointId), kind, now, coolDowns);
      breakers.set(endpointId, next);
      if (next.openUntil > now)
        log.warn(
          { endpoint: endpointId, kind, failures: next.failures, restMs: next.openUntil - now },
          'circuit breaker opened',
        );
      if (next.openUntil > now && !isTold)
        tell('endpoint.rests', endpointId, { until: new Date(next.openUntil).toISOString(), kind });
    },
    worked(endpointId) {
      if (of(endpointId).openUntil > 0) tell('endpoint.works', endpointId, {});
      breakers.delete(endpointId);
    },
    recall: (endpointId, attempts, openedAt) =>
      void breakers.set(endpointId, recalled(attempts, openedAt, clock.now(), coolDowns)),
    busy: (endpointId, until) => void busy.set(endpointId, Math.max(until, busy.get(endpointId) ?? 0)),
    accepted: (endpointId) => void (isBusy(endpointId) || busy.delete(endpointId)),
    busyUntil: () => new Map([...busy].filter(([endpointId]) => isBusy(endpointId))),
    capacity(endpointId, capacity, inFlight) {
      if (closedUntil(endpointId) !== null || isBusy(endpointId)) return 0;
      const allowed = allowedCapacity(of(endpointId), capacity, clock.now(), coolDowns);
      return busy.has(endpointId) && inFlight !== undefined ? Math.min(allowed, inFlight + 1) : allowed;
    },
    restsUntil: (endpointId) =>
      ahead(Math.max(coolDownEnd(of(endpointId), clock.now(), coolDowns) ?? 0, closed.get(endpointId) ?? 0)),
    close: (endpointId, until) => void closed.set(endpointId, until),
    closedUntil,
    open(endpointId) {
      breakers.delete(endpointId);
      closed.delete(endpointId);
      busy.delete(endpointId);
    },
  };
}

const closing = z.object({ minutes: z.number() });

/** Once at the start: a restart must not send the next job to an endpoint that cools down, or that an operator has closed. */
export async function restoreBreakers(deps: {
  endpoints: Pick<EndpointStore, 'list'>;
  jobs: Pick<JobStore, 'pastAttempts'>;
  auditLog: Pick<AuditLog, 'list'>;
  breakers: Pick<Breakers, 'recall' | 'close'>;
}): Promise<void> {
  const newest = async (type: string, subjectId: string): Promise<AuditEvent | null> => {
    const query = { from: null, to: null, beforeId: null, limit: 1, subjectId, words: type };
    return (await deps.auditLog.list(query))[0] ?? null;
  };
  const past = await deps.jobs.pastAttempts();
  for (const { id } of await deps.endpoints.list()) {
    const [opened, closed] = [await newest('admin.endpoints.open', id), await newest('admin.endpoints.close', id)];
    deps.breakers.recall(id, past.get(id) ?? [], opened?.at ?? null);
    const { data } = closing.safeParse(closed?.detail);
    if (closed && data && closed.id > (opened?.id ?? 0)) deps.breakers.close(id, closed.at + data.minutes * 60_000);
  }
}
