const SPANS = [
  { value: 'hour', name: 'Last hour', ms: 3_600_000 },
  { value: 'day', name: 'Last day', ms: 86_400_000 },
  { value: 'week', name: 'Last 7 days', ms: 7 * 86_400_000 },
] as const;

export const SPAN_OPTIONS = SPANS.map(({ value, name }) => ({ value, name }));

/** The start of the shown period, in whole minutes so that it stays the same between renders; null = from the beginning. */
export function beginOf(span: string | null, now: number): string | null {
  const found = SPANS.find(({ value }) => value === span);
  return found ? new Date(Math.floor((now - found.ms) / 60_000) * 60_000).toISOString() : null;
}
