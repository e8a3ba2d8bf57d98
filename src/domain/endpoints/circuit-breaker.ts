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

/** What is stored of an attempt at the endpoint. */
export type Past = {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: string | null;
};

const FAILURES: Readonly<Record<string, 'unreachable' | 'lost'>> = {
  endpoint_unreachable: 'unreachable',
  never_started: 'lost',
  lost: 'lost',
};

/** Where it stands at `now` after these attempts; what was before `openedAt`, when an operator opened it, does not count. */
export function recalled(
  attempts: readonly Past[],
  openedAt: number | null,
  now: number,
  coolDowns = COOL_DOWNS,
): Breaker {
  const happened = attempts.flatMap(({ startedAt, endedAt, outcome }) => {
    const failed = outcome === null ? undefined : FAILURES[outcome];
    return [
      ...(startedAt === null ? [] : [{ at: startedAt, failed: null }]),
      ...(endedAt !== null && outcome === 'completed' ? [{ at: endedAt, failed: null }] : []),
      ...(endedAt !== null && failed ? [{ at: endedAt, failed }] : []),
    ];
  });
  return (
    happened
      .filter(({ at }) => at > (openedAt ?? 0))
      .sort((a, b) => a.at - b.at)
      // What is later than now was written before the clock was set back.
      .reduce(
        (breaker, { at, failed }) => (failed ? afterFailure(breaker, failed, Math.min(at, now), coolDowns) : CLOSED),
        CLOSED,
      )
  );
}

/** Until when it cools down; null = not just now. An end that is further off than any rest is long was set before the clock was set back. */
export const coolDownEnd = ({ openUntil }: Breaker, now: number, coolDowns = COOL_DOWNS): number | null =>
  openUntil > now && openUntil - now <= coolDowns.maxMs ? openUntil : null;

/** How many jobs may be at the endpoint at once. */
export function allowedCapacity(breaker: Breaker, capacity: number, now: number, coolDowns = COOL_DOWNS): number {
  if (coolDownEnd(breaker, now, coolDowns) !== null) return 0;
  return breaker.failures === 0 ? capacity : Math.min(1, capacity);
}
