type Size = { readonly width: number; readonly height: number };

/** The number of columns in which pictures of one proportion are largest while all are visible. */
export function columnsFor(count: number, ratio: number, room: Size, gap: number): number {
  const areaIn = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    const width = (room.width - gap * (columns - 1)) / columns;
    const height = (room.height - gap * (rows - 1)) / rows;
    return Math.min(width, height * ratio) ** 2 / ratio;
  };
  let best = 1;
  for (let columns = 2; columns <= count; columns++) if (areaIn(columns) > areaIn(best)) best = columns;
  return best;
}
