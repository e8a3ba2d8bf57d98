import { rangeWords } from '#src/domain/messages/range-words.ts';

/** A waiting time: "20 s", "1½ min". */
export const waitWords = (ms: number | null): string =>
  ms === null ? '' : ms < 500 ? '0 s' : rangeWords({ lowMs: ms, highMs: ms }).replace(/^about /, '');

/** Time on GPUs: "0.4 min", "12 min", "3 h 05". */
export function gpuWords(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 10) return `${minutes < 0.05 ? 0 : minutes.toFixed(1)} min`;
  if (minutes < 100) return `${Math.round(minutes)} min`;
  const whole = Math.round(minutes);
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')}`;
}

/** An estimated amount of money. */
export const moneyWords = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency }).format(amount);

/** The cost of GPU time; unknown without a price. */
export function costWords(
  { gpuMs, cost, unpricedMs }: { gpuMs: number; cost: number; unpricedMs: number },
  currency: string,
): string {
  if (gpuMs > 0 && unpricedMs >= gpuMs) return '—';
  return `${moneyWords(cost, currency)}${unpricedMs > 0 ? ' +' : ''}`;
}

type Turns =
  | { readonly verdict: 'too early' }
  | { readonly verdict: 'even'; readonly lowMs: number; readonly highMs: number }
  | { readonly verdict: 'uneven'; readonly name: string; readonly ms: number; readonly othersMs: number };

/** How fair the queue is. */
export function turnWords(turns: Turns): string {
  switch (turns.verdict) {
    case 'too early':
      return 'Not enough jobs yet to tell whether the queue is fair.';
    case 'even': {
      return `Queue is fair: a first job starts within ${waitWords(turns.highMs)}.`;
    }
    case 'uneven':
      return `${turns.name} waits longer than others: ${waitWords(turns.ms)} instead of ${waitWords(turns.othersMs)}.`;
  }
}
