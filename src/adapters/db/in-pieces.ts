/** A statement takes only so many values. */
const PIECE = 500;

export function* pieces<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let at = 0; at < items.length; at += PIECE) yield items.slice(at, at + PIECE);
}

/** What `read` gives for all of these ids, however many there are. */
export async function inPieces<Row>(
  ids: readonly string[],
  read: (some: string[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const some of pieces(ids)) for (const row of await read(some)) rows.push(row);
  return rows;
}
