/**
 * Rests an endpoint that cannot be reached, or that loses attempts again and again, for a growing while; after that one job at a time tries it, until one
 * shows life.
 */
export type Breaker = { readonly failures: number; readonly restUntil: number };

export const CLOSED: Breaker = { failures: 0, restUntil: 0 };
export const RESTS = { firstMs: 2000, longestMs: 60_000 };

/** One lost attempt can be bad luck; an endpoint that cannot be reached at all is rested at once. */
export function afterFailure(breaker: Breaker, kind: 'unreachable' | 'lost', now: number, rests = RESTS): Breaker {
  const failures = breaker.failures + 1;
  if (kind === 'lost' && failures < 2) return { failures, restUntil: 0 };
  return { failures, restUntil: now + Math.min(rests.longestMs, rests.firstMs * 2 ** Math.min(breaker.failures, 10)) };
}

/** Until when it rests; null = not just now. An end that is further off than any rest is long was set before the clock was set back. */
export const restEnd = ({ restUntil }: Breaker, now: number, rests = RESTS): number | null =>
  restUntil > now && restUntil - now <= rests.longestMs ? restUntil : null;

/** How many jobs may be at the endpoint at once. */
export function allowedCapacity(breaker: Breaker, capacity: number, now: number, rests = RESTS): number {
  if (restEnd(breaker, now, rests) !== null) return 0;
  return breaker.failures === 0 ? capacity : Math.min(1, capacity);
}
