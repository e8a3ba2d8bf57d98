import type { GridRow, GridTile, TileRow } from './layout.ts';

export type Place = { readonly row: number; readonly column: number };

const holds = ({ entry, stack, take }: GridTile, id: string): boolean =>
  entry.id === id || (take === 0 && stack.takes.some((each) => each.id === id));

/** Where a result is shown: by itself, or in a closed stack. */
export function placeOf(rows: readonly GridRow[], id: string): Place | null {
  for (let row = 0; row < rows.length; row += 1) {
    const tiles = tilesAt(rows, row);
    const column = tiles.findIndex((tile) => holds(tile, id));
    if (column >= 0) return { row, column };
  }
  return null;
}

export const tilesAt = (rows: readonly GridRow[], row: number): TileRow['tiles'] => {
  const found = rows[row];
  return found?.type === 'tiles' ? found.tiles : [];
};

export const tileAt = (rows: readonly GridRow[], { row, column }: Place): TileRow['tiles'][number] | undefined =>
  tilesAt(rows, row)[column];

/** The next row that has tiles, up (-1) or down (1). */
function nextRow(rows: readonly GridRow[], from: number, step: -1 | 1): number | null {
  for (let row = from + step; row >= 0 && row < rows.length; row += step) if (tilesAt(rows, row).length > 0) return row;
  return null;
}

const middle = (tiles: TileRow['tiles'], column: number, gap: number): number =>
  tiles.slice(0, column).reduce((left, { width }) => left + width + gap, 0) + (tiles[column]?.width ?? 0) / 2;

/** Where an arrow key leads from here; null when there is nothing in that direction, or the key is none of ours. */
export function step(rows: readonly GridRow[], from: Place, key: string, gap: number): Place | null {
  const here = tilesAt(rows, from.row);
  switch (key) {
    case 'ArrowLeft': {
      if (from.column > 0) return { ...from, column: from.column - 1 };
      const row = nextRow(rows, from.row, -1);
      return row === null ? null : { row, column: tilesAt(rows, row).length - 1 };
    }
    case 'ArrowRight': {
      if (from.column < here.length - 1) return { ...from, column: from.column + 1 };
      const row = nextRow(rows, from.row, 1);
      return row === null ? null : { row, column: 0 };
    }
    case 'ArrowUp':
    case 'ArrowDown': {
      const row = nextRow(rows, from.row, key === 'ArrowUp' ? -1 : 1);
      if (row === null) return null;
      const tiles = tilesAt(rows, row);
      const wanted = middle(here, from.column, gap);
      const distances = tiles.map((_, column) => Math.abs(middle(tiles, column, gap) - wanted));
      return { row, column: distances.indexOf(Math.min(...distances)) };
    }
    case 'Home': {
      const row = nextRow(rows, -1, 1);
      return row === null ? null : { row, column: 0 };
    }
    case 'End': {
      const row = nextRow(rows, rows.length, -1);
      return row === null ? null : { row, column: tilesAt(rows, row).length - 1 };
    }
    default:
      return null;
  }
}

/** The first tile at or after the place of `gone` that still exists; else the nearest before it. */
export function successor(before: readonly GridRow[], gone: string, now: readonly GridRow[]): Place | null {
  const from = placeOf(before, gone);
  if (!from) return null;
  const behind = [{ row: from.row, column: from.column }];
  for (
    let next = step(before, from, 'ArrowRight', 0);
    next && behind.length < 200;
    next = step(before, next, 'ArrowRight', 0)
  )
    behind.push(next);
  const ahead = [];
  for (
    let next = step(before, from, 'ArrowLeft', 0);
    next && ahead.length < 200;
    next = step(before, next, 'ArrowLeft', 0)
  )
    ahead.push(next);
  for (const place of [...behind, ...ahead]) {
    const tile = tileAt(before, place);
    const there = tile && placeOf(now, tile.entry.id);
    if (there) return there;
  }
  return null;
}

/** All results between two, both included, whole stacks at a time. */
export function between(rows: readonly GridRow[], one: string, other: string): string[] {
  const tiles = rows.flatMap((row) => (row.type === 'tiles' ? row.tiles : []));
  const ends = [one, other].map((id) => tiles.findIndex((tile) => holds(tile, id)));
  const from = Math.min(...ends);
  const to = Math.max(...ends);
  return tiles.slice(Math.max(0, from < 0 ? to : from), to + 1).flatMap(idsOf);
}

/** The results of a tile: one take, or all of a closed stack. */
export const idsOf = ({ entry, stack, take }: GridTile): string[] =>
  take === 0 ? stack.takes.map(({ id }) => id) : [entry.id];
