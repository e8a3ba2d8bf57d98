/** An attempt at an endpoint. Times are epoch milliseconds; `startedAt` null = no activity yet, `endedAt` null = it is in flight. */
export type Life = { readonly sentAt: number; readonly startedAt: number | null; readonly endedAt: number | null };

/** What can be said of an endpoint's GPUs by what was seen of them. */
export type WarmState =
  | { readonly state: 'unknown' }
  /** Sent to, and no activity yet. */
  | { readonly state: 'warming'; readonly since: number }
  /** Never longer than `staysWarmMs` without work since then. */
  | { readonly state: 'warm'; readonly since: number; readonly lastLife: number }
  | { readonly state: 'cold'; readonly lastLife: number };

type Span = { readonly from: number; readonly to: number };

const spans = (lives: readonly Life[], now: number): Span[] =>
  lives
    .flatMap(({ startedAt, endedAt }) => (startedAt === null ? [] : [{ from: startedAt, to: endedAt ?? now }]))
    .sort((a, b) => b.to - a.to);

export function warmStateOf(lives: readonly Life[], now: number, staysWarmMs: number): WarmState {
  const worked = spans(lives, now);
  const lastLife = worked[0]?.to;
  if (lastLife !== undefined && now - lastLife < staysWarmMs) {
    let since = now;
    for (const { from, to } of worked) {
      if (since - to >= staysWarmMs) break;
      since = Math.min(since, from);
    }
    return { state: 'warm', since, lastLife };
  }
  const sent = lives.filter(({ startedAt, endedAt }) => startedAt === null && endedAt === null);
  if (sent.length > 0) return { state: 'warming', since: Math.min(...sent.map(({ sentAt }) => sentAt)) };
  return lastLife === undefined ? { state: 'unknown' } : { state: 'cold', lastLife };
}

/** Soon enough for the platform not to take the GPU away meanwhile. */
const SHARE = 0.8;

/** When the next warm-up is due, by what ran there and when one was tried last; null while something is there that keeps it warm. */
export function nextWarmUp(
  lives: readonly Life[],
  lastTry: number | null,
  now: number,
  staysWarmMs: number,
): number | null {
  if (lives.some(({ endedAt }) => endedAt === null)) return null;
  const last = Math.max(lastTry ?? 0, spans(lives, now)[0]?.to ?? 0);
  return last === 0 ? now : Math.max(now, last + SHARE * staysWarmMs);
}
