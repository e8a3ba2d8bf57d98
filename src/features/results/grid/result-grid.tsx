import dynamic from 'next/dynamic';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useWidth } from '#src/ui/browser/use-width.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import type { Selection } from '#src/ui/tables/use-selection.ts';
import { useUndoKey } from '../../undo/use-undo-key.ts';
import { type Gallery, useList, useStoreVersion } from '../cache/gallery.ts';
import type { ResultList } from '../cache/result-list.ts';
import { dayGrouping } from '../layout/group-days.ts';
import { type GridRow, gridLayout } from '../layout/layout.ts';
import { placeOf, successor, tileAt } from '../layout/places.ts';
import { GridRows } from './grid-rows.tsx';
import { PromptTips } from './prompt-tips.tsx';
import { useTileActions } from './use-tile-actions.ts';

const SelectionBar = dynamic(
  () => loadPart(() => import('../actions/selection-bar.tsx')).then((file) => file.SelectionBar),
  {
    ssr: false,
  },
);
const ActionsDialog = dynamic(
  () => loadPart(() => import('../actions/actions-dialog.tsx')).then((file) => file.ActionsDialog),
  {
    ssr: false,
  },
);
const RenameDialog = dynamic(
  () => loadPart(() => import('../actions/rename-dialog.tsx')).then((file) => file.RenameDialog),
  {
    ssr: false,
  },
);

const GAP = 8;

type ResultGridProps = {
  gallery: Gallery;
  list: ResultList;
  selection: Selection;
  together: boolean;
  height: number;
  openId: string | null;
  onOpen: (id: string) => void;
  onCompare: (ids: readonly string[]) => void;
};

type Active = { readonly id: string; readonly focus: { readonly id: string } | null };

/** The results of a list in rows, with focus, selection and shortcuts. */
export function ResultGrid({ gallery, list, selection, together, height, openId, onOpen, onCompare }: ResultGridProps) {
  const { pages, hasMore, reading, error } = useList(list);
  useStoreVersion(gallery);
  useUndoKey();
  const [measure, width] = useWidth();
  const [group] = useState(dayGrouping);
  const [layOut] = useState(gridLayout);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<Active | null>(null);

  const target = Math.min(height, Math.round(width * 0.45));
  const rows = useMemo(
    () => (width === 0 ? [] : layOut(group(pages), hasMore, { width, target, gap: GAP, together, open })),
    [layOut, group, pages, hasMore, width, target, together, open],
  );

  const goTo = useCallback(
    (id: string, focus: boolean): void =>
      setActive((before) => (!focus && before?.id === id ? before : { id, focus: focus ? { id } : null })),
    [],
  );
  const toggleStack = useCallback(
    (id: string): void =>
      setOpen((before) =>
        before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id]),
      ),
    [],
  );
  const actions = useTileActions({
    rows,
    gap: GAP,
    selection,
    activeId: active?.id ?? null,
    goTo,
    toggleStack,
    onOpen,
    onCompare,
  });

  const inGrid = useRef(false);

  // The active tile is gone: its successor is active now, and focused if the focus was in the grid.
  const before = useRef<readonly GridRow[]>(rows);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    if (!active || old === rows || placeOf(rows, active.id)) return;
    const place = successor(old, active.id, rows);
    const tile = place && tileAt(rows, place);
    const lost = inGrid.current && (document.activeElement === null || document.activeElement === document.body);
    setActive(tile ? { id: tile.entry.id, focus: lost ? { id: tile.entry.id } : null } : null);
  }, [rows, active]);

  // While a result is open in the viewer, the grid follows, so that closing returns to the right place.
  const wasOpen = useRef(openId);
  useEffect(() => {
    const closed = openId === null ? wasOpen.current : null;
    wasOpen.current = openId;
    const id = openId ?? closed;
    if (id !== null) goTo(id, closed !== null);
  }, [openId, goTo]);

  const activeTile = active && placeOf(rows, active.id);
  const activeId = (activeTile && tileAt(rows, activeTile)?.entry.id) ?? null;
  const more = actions.moreId === null ? undefined : gallery.store.get(actions.moreId);
  const renamed = actions.renameId === null ? undefined : gallery.store.get(actions.renameId);
  const readOn = useCallback((): void => void list.more(), [list]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes whether the focus is inside
    <div
      ref={measure}
      onFocus={() => {
        inGrid.current = true;
      }}
      onBlur={() => {
        inGrid.current = false;
      }}
    >
      <PromptTips gallery={gallery}>
        <GridRows
          gallery={gallery}
          rows={rows}
          gap={GAP}
          activeId={activeId}
          focusRequest={active?.focus ?? null}
          selection={selection}
          onAction={actions.onAction}
          onKeyDown={actions.onKeyDown}
          onNear={hasMore && !reading && error === null && rows.length > 0 ? readOn : null}
        />
      </PromptTips>
      {selection.selecting && (
        <SelectionBar
          ids={[...selection.ids]}
          removed={list.filter.removed}
          onAction={actions.apply}
          onCompare={actions.compare}
          onClear={() => {
            selection.clear();
            // The button that was pressed is gone; the keys go on where the selection was.
            if (activeId !== null) goTo(activeId, true);
          }}
        />
      )}
      {more && (
        <ActionsDialog
          result={more}
          onAction={(what) => actions.apply([more.id], what)}
          onRename={() => actions.rename([more.id])}
          onClose={actions.closeMore}
        />
      )}
      {renamed && <RenameDialog result={renamed} onClose={actions.closeRename} />}
    </div>
  );
}
