export type Row = { readonly height: number; readonly widths: readonly number[] };

export type Measure = {
  readonly width: number;
  /** The preferred height of a row. */
  readonly target: number;
  readonly gap: number;
};

/** Narrower pictures get a wider box, or their buttons would not fit. */
const MIN_RATIO = 0.4;

function fullRow(ratios: readonly number[], { width, gap }: Measure): Row {
  const room = width - gap * (ratios.length - 1);
  const height = room / ratios.reduce((sum, ratio) => sum + ratio, 0);
  let used = 0;
  let before = 0;
  const widths = ratios.map((ratio) => {
    used += ratio * height;
    const right = Math.round(used);
    const box = right - before;
    before = right;
    return box;
  });
  return { height: Math.round(height), widths };
}

/**
 * Puts boxes with the given proportions (width / height), in order, into rows of the full width. A row is closed where its height comes
 * nearest to the target; the last one stays open at the target height.
 */
export function justify(proportions: readonly number[], measure: Measure): Row[] {
  const { width, target, gap } = measure;
  const rows: Row[] = [];
  let open: number[] = [];
  for (const proportion of proportions) {
    const ratio = Math.max(proportion, MIN_RATIO);
    const heightWith = fullRow([...open, ratio], measure).height;
    const heightWithout = open.length > 0 ? fullRow(open, measure).height : Number.POSITIVE_INFINITY;
    if (heightWith < target && heightWithout - target < target - heightWith) {
      rows.push(fullRow(open, measure));
      open = [ratio];
    } else {
      open.push(ratio);
    }
    if (fullRow(open, measure).height <= target) {
      rows.push(fullRow(open, measure));
      open = [];
    }
  }
  if (open.length > 0) {
    const most = width - gap * (open.length - 1);
    const widths = open.map((ratio) => Math.min(most, Math.round(ratio * target)));
    rows.push({ height: target, widths });
  }
  return rows;
}

/** The same from the other end: the first row is the open one, so that arrivals in front move no other row. */
export function justifyUpwards(proportions: readonly number[], measure: Measure): Row[] {
  return justify([...proportions].reverse(), measure)
    .map((row) => ({ ...row, widths: [...row.widths].reverse() }))
    .reverse();
}
