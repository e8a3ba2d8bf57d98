import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { notify } from '#src/ui/notify.ts';
import { dayOf } from './days.ts';
import { type GridRow, type GridTile, stackId } from './layout.ts';
import { between, idsOf, type Place, placeOf, step, tileAt } from './places.ts';
import { type Judgement, MAX_COMPARED, useJudge } from './use-judge.ts';
import type { Selection } from './use-selection.ts';

/** What somebody does with a tile. */
export type Deed =
  | { readonly type: 'open' | 'focus' | 'stack' | 'more'; readonly tile: GridTile }
  | { readonly type: 'select'; readonly tile: GridTile; readonly how: 'toggle' | 'range' }
  | { readonly type: 'judge'; readonly tile: GridTile; readonly what: Judgement };

type DeedOptions = {
  readonly rows: readonly GridRow[];
  readonly gap: number;
  readonly selection: Selection;
  readonly activeId: string | null;
  /** Makes a tile the one that Tab stops at, and gives it the focus when asked. */
  readonly goTo: (id: string, focus: boolean) => void;
  readonly toggleStack: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onCompare: (ids: readonly string[]) => void;
};

const JUDGED_BY: Readonly<Record<string, Judgement>> = {
  f: 'favourite',
  x: 'reject',
  delete: 'put away',
  w: 'wall',
  d: 'download',
  ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [String(stars), { stars }])),
};

export function useDeeds({ rows, gap, selection, activeId, goTo, toggleStack, onOpen, onCompare }: DeedOptions) {
  const judge = useJudge();
  const [anchor, setAnchor] = useState<string | null>(null);
  const [moreId, setMoreId] = useState<string | null>(null);

  function select(tile: GridTile, how: 'toggle' | 'range'): void {
    if (how === 'range' && anchor !== null) selection.add(between(rows, anchor, tile.entry.id));
    else selection.toggle(idsOf(tile));
    if (how === 'toggle' || anchor === null) setAnchor(tile.entry.id);
  }

  function judgeTile(ids: readonly string[], what: Judgement): void {
    judge(ids, what);
    if (what === 'put away' || what === 'bring back' || what === 'reject') {
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
        'judged',
      );
  }

  function toggle(tile: GridTile): void {
    if (tile.stack.takes.length < 2) return;
    toggleStack(stackId(dayOf(tile.entry.at), tile.stack));
    goTo(tile.entry.id, true);
  }

  const does = (deed: Deed): void => {
    switch (deed.type) {
      case 'open':
        onOpen(deed.tile.entry.id);
        return;
      case 'focus':
        goTo(deed.tile.entry.id, false);
        return;
      case 'stack':
        toggle(deed.tile);
        return;
      case 'more':
        setMoreId(deed.tile.entry.id);
        return;
      case 'select':
        select(deed.tile, deed.how);
        return;
      case 'judge':
        judgeTile([deed.tile.entry.id], deed.what);
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
    if (event.key === 'Escape' && selection.selecting) {
      selection.clear();
      return;
    }
    const target = event.target instanceof Element ? event.target : null;
    const onTile = target?.closest('[data-tile]');
    const place = activeId === null ? null : placeOf(rows, activeId);
    const tile = place && tileAt(rows, place);
    if (!onTile || !place || !tile) return;
    const next = step(rows, place, event.key, gap);
    const onLink = target?.matches('[data-result]');
    const ids = selection.ids.size > 0 ? [...selection.ids] : [tile.entry.id];
    const key = event.key.toLowerCase();
    const judgement = JUDGED_BY[key];
    if (next) move(place, next, event.shiftKey);
    else if (key === ' ' && onLink) select(tile, event.shiftKey ? 'range' : 'toggle');
    else if (key === 't') toggle(tile);
    else if (key === 'c') compare(selection.ids.size > 0 ? ids : idsOf(tile));
    else if (judgement !== undefined) judgeTile(ids, judgement);
    else return;
    event.preventDefault();
  }

  // Tiles are drawn anew only when something about them changes, so what they call must stay the same.
  const newest = useRef(does);
  useLayoutEffect(() => {
    newest.current = does;
  });
  const onDeed = useCallback((deed: Deed) => newest.current(deed), []);

  return { onDeed, onKeyDown, judge: judgeTile, compare, moreId, closeMore: () => setMoreId(null) };
}
