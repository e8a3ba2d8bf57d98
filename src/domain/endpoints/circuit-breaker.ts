/**
 * Opens the circuit of an endpoint that cannot be reached, or that loses attempts again and again, for a growing while; after that one job at a time tries it, until one
 * shows life.
 */
export type Breaker = { readonly failures: number; readonly openUntil: number };

export const CLOSED: Breaker = { failures: 0, openUntil: 0 };
export const COOL_DOWNS = { firstMs: 2000, maxMs: 60_000 };

/** One lost attempt can be bad luck; an endpoint that cannot be reached at all is rested at once. */
export function afterFailure(
  breaker: Breaker,
  kind: 'unreachable' | 'lost',
  now: number,
  coolDowns = COOL_DOWNS,
): Breaker {
  const failures = breaker.failures + 1;
  if (kind === 'lost' && failures < 2) return { failures, openUntil: 0 };
  return {
    failures,
    openUntil: now + Math.min(coolDowns.maxMs, coolDowns.firstMs * 2 ** Math.min(breaker.failures, 10)),
  };
}

/** Until when it cools down; null = not just now. An end that is further off than any rest is long was set before the clock was set back. */
export const coolDownEnd = ({ openUntil }: Breaker, now: number, coolDowns = COOL_DOWNS): number | null =>
  openUntil > now && openUntil - now <= coolDowns.maxMs ? openUntil : null;

/** How many jobs may be at the endpoint at once. */
export function allowedCapacity(breaker: Breaker, capacity: number, now: number, coolDowns = COOL_DOWNS): number {
  if (coolDownEnd(breaker, now, coolDowns) !== null) return 0;
  return breaker.failures === 0 ? capacity : Math.min(1, capacity);
}
