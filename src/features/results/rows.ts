import type { ResultView } from '#src/api/views.ts';
import type { Day } from './days.ts';
import { justify, justifyUpwards, type Measure } from './justify.ts';

type Shaped = Pick<ResultView, 'id' | 'kind' | 'width' | 'height'>;
export type TileRow<T> = {
  /** Stays the same while the row grows at its open end. */
  readonly key: string;
  readonly height: number;
  readonly tiles: readonly { readonly result: T; readonly width: number }[];
};

/** Files without a picture get a card of this shape. */
const CARD = 4 / 3;

export function proportion({ kind, width, height }: Shaped): number {
  const pictured = kind === 'image' || kind === 'video';
  return pictured && width && height ? width / height : CARD;
}

/** The rows of a day: its first `arrivals` results are laid out upwards, the others downwards. */
export function rowsOf<T extends Shaped>(results: readonly T[], arrivals: number, measure: Measure): TileRow<T>[] {
  const ratios = results.map(proportion);
  const upwards = justifyUpwards(ratios.slice(0, arrivals), measure);
  const downwards = justify(ratios.slice(arrivals), measure);
  let next = 0;
  return [...upwards, ...downwards].map(({ height, widths }, i) => {
    const row = results.slice(next, next + widths.length);
    next += widths.length;
    const key = (i < upwards.length ? row.at(-1) : row[0])?.id ?? '';
    return { key, height, tiles: row.map((result, at) => ({ result, width: widths[at] ?? 0 })) };
  });
}

/**
 * Remembers how each day looked when it was first shown, so that neither arrivals in front nor older pages behind move rows that somebody is
 * looking at. Gives how many of a day's results count as arrivals.
 */
export function firstSights(): (day: Day<Shaped>, newest: boolean, complete: boolean) => number {
  const sights = new Map<string, string | 'upwards'>();
  return (day, newest, complete) => {
    const sight = sights.get(day.key) ?? (newest && complete ? 'upwards' : (day.items[0]?.id ?? ''));
    sights.set(day.key, sight);
    if (sight === 'upwards') return day.items.length;
    return Math.max(
      0,
      day.items.findIndex(({ id }) => id === sight),
    );
  };
}
