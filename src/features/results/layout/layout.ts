import type { Entry } from '../cache/entries.ts';
import type { Day } from './group-days.ts';
import { justify, justifyUpwards, type Measure } from './justify.ts';
import { type Stack, stacksOf, topOf } from './stacks.ts';

export type GridTile = {
  readonly key: string;
  readonly entry: Entry;
  readonly stack: Stack;
  /** Its stack is open, and this is the number of the take; 0 when it stands for the whole stack. */
  readonly take: number;
};
export type TileRow = {
  readonly type: 'tiles';
  /** Stays the same while the row grows at its open end. */
  readonly key: string;
  readonly height: number;
  readonly after: number;
  readonly tiles: readonly (GridTile & { readonly width: number })[];
};
export type DayRow = {
  readonly type: 'day';
  readonly key: string;
  readonly day: string;
  readonly height: number;
  readonly after: number;
  /** Null while not all of the day has been read. */
  readonly count: number | null;
};
export type GridRow = DayRow | TileRow;

export type Shape = Measure & {
  readonly together: boolean;
  /** `stackId`s. */
  readonly open: ReadonlySet<string>;
};

const DAY_HEIGHT = 24;
const DAY_GAP = 24;

export const stackId = (day: string, stack: Stack): string => `${day} ${stack.key}`;

const tilesOf = (day: string, stack: Stack, open: ReadonlySet<string>): GridTile[] => {
  if (stack.takes.length === 1 || !open.has(stackId(day, stack)))
    return [{ key: stack.key, entry: topOf(stack), stack, take: 0 }];
  return stack.takes.map((entry, i) => ({ key: entry.id, entry, stack, take: stack.takes.length - i }));
};

function rowsOfDay(day: Day, arrivals: number, complete: boolean, last: boolean, shape: Shape): GridRow[] {
  const { stacks, arrived } = stacksOf(day.entries, arrivals, shape.together);
  const front = stacks.slice(0, arrived).flatMap((stack) => tilesOf(day.key, stack, shape.open));
  const back = stacks.slice(arrived).flatMap((stack) => tilesOf(day.key, stack, shape.open));
  const ratio = ({ entry }: GridTile): number => entry.ratio;
  const upwards = justifyUpwards(front.map(ratio), shape);
  const downwards = justify(back.map(ratio), shape);
  const tiles = [...front, ...back];
  const measured = [...upwards, ...downwards];
  let next = 0;
  const rows = measured.map(({ height, widths }, i): TileRow => {
    const row = tiles.slice(next, next + widths.length);
    next += widths.length;
    return {
      type: 'tiles',
      key: `${day.key} ${(i < upwards.length ? row.at(-1) : row[0])?.key ?? ''}`,
      height,
      after: i < measured.length - 1 ? shape.gap : last ? 0 : DAY_GAP,
      tiles: row.map((tile, at) => ({ ...tile, width: widths[at] ?? 0 })),
    };
  });
  const count = complete ? day.entries.length : null;
  return [{ type: 'day', key: day.key, day: day.key, height: DAY_HEIGHT, after: shape.gap, count }, ...rows];
}

/** Where a day was first seen: laid out upwards as a whole, or from this entry on. */
type FirstSeen = 'upwards' | Entry | undefined;

/**
 * Lays out all that was read in rows of known height. It remembers how each day looked when it was first shown in this shape, so that neither arrivals in
 * front nor older pages behind move rows on screen; and days of which nothing changed are not laid out again. What is shown at first has no gap but at the
 * end of a day.
 */
export function gridLayout(): (days: readonly Day[], hasMore: boolean, shape: Shape) => readonly GridRow[] {
  const sights = new Map<string, FirstSeen>();
  let known = new Map<string, { day: Day; inputs: string; rows: GridRow[] }>();
  let seenIn = '';

  /** A newest day of one row goes on growing at its front. */
  const isOneRow = (day: Day, shape: Shape): boolean =>
    rowsOfDay(day, day.entries.length, true, true, shape).filter(({ type }) => type === 'tiles').length <= 1;

  const arrivalsOf = (day: Day, newest: boolean, complete: boolean, shape: Shape): number => {
    const sight = sights.get(day.key) ?? (newest && complete && isOneRow(day, shape) ? 'upwards' : day.entries[0]);
    sights.set(day.key, sight);
    if (sight === 'upwards' || sight === undefined) return day.entries.length;
    const first = day.entries.findIndex(({ at, id }) => at < sight.at || (at === sight.at && id <= sight.id));
    return first < 0 ? day.entries.length : first;
  };

  return (days, hasMore, shape) => {
    const before = known;
    known = new Map();
    const { width, target, gap, together } = shape;
    const measures = JSON.stringify([width, target, gap, together]);
    // In another shape all rows are others anyway.
    if (measures !== seenIn) sights.clear();
    seenIn = measures;
    return days.flatMap((day, i) => {
      const last = i === days.length - 1;
      const complete = !last || !hasMore;
      const arrivals = arrivalsOf(day, i === 0, complete, shape);
      const open = [...shape.open].filter((id) => id.startsWith(day.key));
      const inputs = JSON.stringify([arrivals, complete, last, measures, open]);
      const earlier = before.get(day.key);
      const rows =
        earlier?.day === day && earlier.inputs === inputs
          ? earlier.rows
          : rowsOfDay(day, arrivals, complete, last, shape);
      known.set(day.key, { day, inputs, rows });
      return rows;
    });
  };
}
