import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { counted } from '#src/domain/measures.ts';
import type { Selection } from '#src/ui/tables/use-selection.ts';
import { dayName } from '#src/ui/time/days.ts';
import type { Gallery } from '../cache/gallery.ts';
import { useMissing } from '../cache/use-missing.ts';
import type { GridRow } from '../layout/layout.ts';
import { placeOf, tilesAt } from '../layout/places.ts';
import { Tile, tileId } from '../tiles/tile.tsx';
import type { TileAction } from '../tiles/tile-action.ts';
import { useGridWindow, useNearEnd } from './use-grid-window.ts';

/** Where the focus goes once the tile is rendered; each request is a new object. */
export type FocusRequest = { readonly id: string };

type GridRowsProps = {
  gallery: Gallery;
  rows: readonly GridRow[];
  gap: number;
  activeId: string | null;
  focusRequest: FocusRequest | null;
  selection: Selection;
  onAction: (action: TileAction) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onNear: (() => void) | null;
};

/** The rows near the screen, each at its place. */
export function GridRows({
  gallery,
  rows,
  gap,
  activeId,
  focusRequest,
  selection,
  onAction,
  onKeyDown,
  onNear,
}: GridRowsProps) {
  const container = useRef<HTMLDivElement>(null);
  const { near, offsets, height, left, scrollToRow } = useGridWindow(container, rows, activeId);
  useNearEnd(left, onNear);
  useMissing(
    gallery,
    near.flatMap((row) => tilesAt(rows, row).map(({ entry }) => entry.id)),
  );

  const handled = useRef<FocusRequest>(null);
  useLayoutEffect(() => {
    if (!focusRequest || handled.current === focusRequest) return;
    const place = placeOf(rows, focusRequest.id);
    const tile = place && tilesAt(rows, place.row)[place.column];
    if (!tile) return;
    handled.current = focusRequest;
    scrollToRow(place.row);
    document.getElementById(tileId(tile.entry.id))?.focus({ preventScroll: true });
  }, [focusRequest, rows, scrollToRow]);

  const tabStop = activeId ?? tilesAt(rows, 1)[0]?.entry.id;
  const now = new Date();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tiles inside take the focus; this only handles their keys
    <div ref={container} className="relative [overflow-anchor:none]" style={{ height }} onKeyDown={onKeyDown}>
      {near.map((index) => {
        const row = rows[index];
        if (!row) return null;
        const { key } = row;
        const place = { transform: `translateY(${offsets[index] ?? 0}px)`, height: row.height };
        if (row.type === 'day')
          return (
            <h3
              key={key}
              style={place}
              className="absolute inset-x-0 top-0 flex items-baseline gap-2 text-15 font-semibold"
            >
              {dayName(row.day, now)}
              {row.count !== null && (
                <span className="text-12 font-normal text-quiet tabular-nums">{counted(row.count, 'result')}</span>
              )}
            </h3>
          );
        return (
          <div key={key} style={{ ...place, gap }} className="absolute inset-x-0 top-0 flex">
            {row.tiles.map((tile) => (
              <Tile
                key={tile.key}
                tile={tile}
                height={row.height}
                result={gallery.store.get(tile.entry.id)}
                active={tile.entry.id === tabStop}
                selected={isSelected(tile, selection.ids)}
                selecting={selection.selecting}
                onAction={onAction}
              />
            ))}
          </div>
        );
      })}
    </div>
  );
}

function isSelected(
  { entry, stack, take }: { entry: { id: string }; stack: { takes: readonly { id: string }[] }; take: number },
  ids: ReadonlySet<string>,
): boolean {
  if (ids.size === 0) return false;
  return take === 0 ? stack.takes.every(({ id }) => ids.has(id)) : ids.has(entry.id);
}
