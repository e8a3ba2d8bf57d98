type Range = { readonly lowMs: number; readonly highMs: number };

type Unit = { readonly name: string; readonly ms: number; readonly step: number };

function unitFor(highMs: number): Unit {
  if (highMs < 10_000) return { name: 's', ms: 1000, step: 1 };
  if (highMs < 90_000) return { name: 's', ms: 1000, step: 5 };
  if (highMs < 4 * 60_000) return { name: 'min', ms: 60_000, step: 0.5 };
  if (highMs < 90 * 60_000) return { name: 'min', ms: 60_000, step: 1 };
  return { name: 'h', ms: 3_600_000, step: 0.5 };
}

const withHalf = (amount: number): string =>
  Number.isInteger(amount) ? String(amount) : `${Math.floor(amount) || ''}½`;

/** A time as people say it: "20 to 30 s", "about 1½ min", "up to 5 s". */
export function rangeWords({ lowMs, highMs }: Range): string {
  const { name, ms, step } = unitFor(highMs);
  const rounded = (value: number): number => Math.max(0, Math.round(value / ms / step) * step);
  const high = Math.max(step, rounded(highMs));
  const low = rounded(lowMs);
  if (low >= high) return `about ${withHalf(high)} ${name}`;
  return low === 0 ? `up to ${withHalf(high)} ${name}` : `${withHalf(low)} to ${withHalf(high)} ${name}`;
}
