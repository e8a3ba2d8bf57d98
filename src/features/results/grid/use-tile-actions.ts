import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { actOf, useKeys } from '#src/ui/browser/use-keys.ts';
import type { Selection } from '#src/ui/tables/use-selection.ts';
import { dayOf } from '#src/ui/time/days.ts';
import { notify } from '#src/ui/toasts/notify.ts';
import { MAX_COMPARED, type ResultAction, useResultActions } from '../actions/use-result-actions.ts';
import { type GridRow, type GridTile, stackId } from '../layout/layout.ts';
import { between, idsOf, type Place, placeOf, step, tileAt } from '../layout/places.ts';
import type { TileAction } from '../tiles/tile-action.ts';

type TileActionOptions = {
  readonly rows: readonly GridRow[];
  readonly gap: number;
  readonly selection: Selection;
  readonly activeId: string | null;
  /** Makes a tile the tab stop and, if asked, focuses it. */
  readonly goTo: (id: string, focus: boolean) => void;
  readonly toggleStack: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onCompare: (ids: readonly string[]) => void;
};

const ACTION_KEYS: Readonly<Record<string, ResultAction>> = {
  f: 'favourite',
  x: 'reject',
  delete: 'trash',
  backspace: 'trash',
  w: 'wall',
  d: 'download',
  e: 'edit',
  n: 'newSeed',
  v: 'vary',
  u: 'input',
  ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [String(stars), { stars }])),
};

export function useTileActions({
  rows,
  gap,
  selection,
  activeId,
  goTo,
  toggleStack,
  onOpen,
  onCompare,
}: TileActionOptions) {
  const apply = useResultActions();
  const [anchor, setAnchor] = useState<string | null>(null);
  const [moreId, setMoreId] = useState<string | null>(null);
  const [renameId, setRenameId] = useState<string | null>(null);

  function select(tile: GridTile, how: 'toggle' | 'range'): void {
    if (how === 'range' && anchor !== null) selection.add(between(rows, anchor, tile.entry.id));
    else selection.toggle(idsOf(tile));
    if (how === 'toggle' || anchor === null) setAnchor(tile.entry.id);
  }

  function applyTo(ids: readonly string[], what: ResultAction): void {
    apply(ids, what);
    if (what === 'trash' || what === 'restore' || what === 'reject') {
      selection.clear();
      if (activeId !== null) goTo(activeId, true);
    }
  }

  function compare(ids: readonly string[]): void {
    if (ids.length >= 2 && ids.length <= MAX_COMPARED) onCompare(ids);
    else
      notify(
        `Select two to ${MAX_COMPARED === 4 ? 'four' : MAX_COMPARED} results to compare them.`,
        undefined,
        'result-action',
      );
  }

  function rename(ids: readonly string[]): void {
    const [only, another] = ids;
    if (only !== undefined && another === undefined) setRenameId(only);
    else notify('Select one result to rename it.', undefined, 'result-action');
  }

  /** Keys on results, by key; the same for a selection and for the tile that has the focus. */
  const keysFor = (ids: readonly string[], compared: readonly string[]): Record<string, () => void> => ({
    ...Object.fromEntries(Object.entries(ACTION_KEYS).map(([key, what]) => [key, () => applyTo(ids, what)])),
    'shift+r': () => applyTo(ids, 'again'),
    c: () => compare(compared),
    f2: () => rename(ids),
  });
  const selected = [...selection.ids];
  // Wherever the focus is: after a selection with the mouse it may be on no tile.
  useKeys({
    ...(selected.length > 0 && keysFor(selected, selected)),
    ...(selection.selecting && { escape: selection.clear }),
  });

  function toggle(tile: GridTile): void {
    if (tile.stack.takes.length < 2) return;
    toggleStack(stackId(dayOf(tile.entry.at), tile.stack));
    goTo(tile.entry.id, true);
  }

  const does = (action: TileAction): void => {
    switch (action.type) {
      case 'open':
        onOpen(action.tile.entry.id);
        return;
      case 'focus':
        goTo(action.tile.entry.id, false);
        return;
      case 'stack':
        toggle(action.tile);
        return;
      case 'more':
        setMoreId(action.tile.entry.id);
        return;
      case 'select':
        goTo(action.tile.entry.id, false);
        select(action.tile, action.how);
        return;
      case 'apply':
        applyTo([action.tile.entry.id], action.what);
        return;
    }
  };

  function move(from: Place, to: Place, extend: boolean): void {
    const [here, there] = [tileAt(rows, from), tileAt(rows, to)];
    if (!here || !there) return;
    if (extend) {
      const start = anchor ?? here.entry.id;
      setAnchor(start);
      selection.add(between(rows, start, there.entry.id));
    }
    goTo(there.entry.id, true);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : null;
    const onTile = target?.closest('[data-tile]');
    const place = activeId === null ? null : placeOf(rows, activeId);
    const tile = place && tileAt(rows, place);
    if (!onTile || !place || !tile) return;
    const next = step(rows, place, event.key, gap);
    const onLink = target?.matches('[data-result]');
    const key = event.key.toLowerCase();
    const act = selected.length === 0 ? actOf(keysFor([tile.entry.id], idsOf(tile)), event) : undefined;
    if (next) move(place, next, event.shiftKey);
    else if (key === ' ' && onLink) select(tile, event.shiftKey ? 'range' : 'toggle');
    else if (key === 't') toggle(tile);
    else if (act) act();
    else return;
    event.preventDefault();
  }

  // Tiles are memoised, so their callback must be stable.
  const newest = useRef(does);
  useLayoutEffect(() => {
    newest.current = does;
  });
  const onAction = useCallback((action: TileAction) => newest.current(action), []);

  return {
    onAction,
    onKeyDown,
    apply: applyTo,
    compare,
    moreId,
    closeMore: () => setMoreId(null),
    renameId,
    rename,
    closeRename: () => setRenameId(null),
  };
}
