import { afterFailure, allowedCapacity, type Breaker, CLOSED } from '#src/domain/breaker.ts';
import type { Acts } from '#src/ports/acts.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { PACE } from './pace.ts';

/** Which endpoints rest, or were closed for a while. Kept in memory: after a restart each gets a fresh try. */
export function createBreakers(clock: Clock, log: Log, acts: Pick<Acts, 'write'>, rests = PACE.rests): Breakers {
  const breakers = new Map<string, Breaker>();
  const closed = new Map<string, number>();
  const of = (endpointId: string): Breaker => breakers.get(endpointId) ?? CLOSED;
  const ahead = (time: number): number | null => (time > clock.now() ? time : null);
  const closedUntil = (endpointId: string): number | null => ahead(closed.get(endpointId) ?? 0);
  const tell = (type: string, endpointId: string, detail: Record<string, unknown>): void =>
    void acts
      .write({ at: clock.now(), actor: null, type, subjectId: endpointId, detail })
      .catch((error: unknown) => log.error({ err: error }, 'what an endpoint did could not be written down'));
  return {
    failed(endpointId, kind) {
      const now = clock.now();
      const isTold = of(endpointId).restUntil > 0;
      const next = afterFailure(of(endpointId), kind, now, rests);
      breakers.set(endpointId, next);
      if (next.restUntil > now)
        log.warn(
          { endpoint: endpointId, kind, failures: next.failures, restMs: next.restUntil - now },
          'an endpoint rests',
        );
      if (next.restUntil > now && !isTold)
        tell('endpoint.rests', endpointId, { until: new Date(next.restUntil).toISOString(), kind });
    },
    worked(endpointId) {
      if (of(endpointId).restUntil > 0) tell('endpoint.works', endpointId, {});
      breakers.delete(endpointId);
    },
    capacity: (endpointId, capacity) =>
      closedUntil(endpointId) === null ? allowedCapacity(of(endpointId), capacity, clock.now()) : 0,
    restsUntil: (endpointId) => ahead(Math.max(of(endpointId).restUntil, closed.get(endpointId) ?? 0)),
    close: (endpointId, until) => void closed.set(endpointId, until),
    closedUntil,
    open(endpointId) {
      breakers.delete(endpointId);
      closed.delete(endpointId);
    },
  };
}
