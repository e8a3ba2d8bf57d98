import { afterFailure, allowedCapacity, type Breaker, CLOSED } from '#src/domain/breaker.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { PACE } from './pace.ts';

/** Which endpoints rest. Kept in memory: after a restart each gets a fresh try. */
export function createBreakers(clock: Clock, log: Log, rests = PACE.rests): Breakers {
  const breakers = new Map<string, Breaker>();
  const of = (endpointId: string): Breaker => breakers.get(endpointId) ?? CLOSED;
  return {
    failed(endpointId, kind) {
      const now = clock.now();
      const next = afterFailure(of(endpointId), kind, now, rests);
      breakers.set(endpointId, next);
      if (next.restUntil > now)
        log.warn(
          { endpoint: endpointId, kind, failures: next.failures, restMs: next.restUntil - now },
          'an endpoint rests',
        );
    },
    worked: (endpointId) => void breakers.delete(endpointId),
    capacity: (endpointId, capacity) => allowedCapacity(of(endpointId), capacity, clock.now()),
    restsUntil(endpointId) {
      const { restUntil } = of(endpointId);
      return restUntil > clock.now() ? restUntil : null;
    },
  };
}
