type Sized = { readonly height: number; readonly after: number };

/** Where each row begins; at the end, where the last one ends. */
export type RowOffsets = Float64Array;

/** Rows drawn above and below the screen. */
const AROUND = 3;

export function rowOffsetsOf(rows: readonly Sized[]): RowOffsets {
  const offsets = new Float64Array(rows.length + 1);
  for (const [i, { height, after }] of rows.entries()) offsets[i + 1] = (offsets[i] ?? 0) + height + after;
  return offsets;
}

/** The row at this height; the nearest one beyond either end. */
export function rowAt(offsets: RowOffsets, y: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows to draw while those from `first` to `last` are in sight. The active one is always among them: out of the page it would lose the focus. */
export function rowsAround(first: number, last: number, active: number | undefined, count: number): number[] {
  const from = Math.max(0, first - AROUND);
  const to = Math.min(count - 1, last + AROUND);
  const near = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  if (active === undefined || active >= count || (active >= from && active <= to)) return near;
  return active < from ? [active, ...near] : [...near, active];
}
