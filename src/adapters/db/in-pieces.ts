/** SQLite takes only so many values in one statement. */
const PIECE = 500;

/** What `read` gives for all of these ids, however many there are. */
export async function inPieces<Row>(
  ids: readonly string[],
  read: (some: string[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < ids.length; at += PIECE)
    for (const row of await read(ids.slice(at, at + PIECE))) rows.push(row);
  return rows;
}
