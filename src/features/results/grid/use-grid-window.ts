import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { GridRow } from '../layout/layout.ts';
import { placeOf, tileAt, tilesAt } from '../layout/places.ts';
import { rowAt, rowsAround, type Tops, topsOf } from '../layout/row-offsets.ts';

/** What floats at the lower edge of the screen. */
const FOOT = 80;

type GridWindow = {
  /** The rows that are drawn, by number. */
  readonly near: readonly number[];
  readonly tops: Tops;
  readonly height: number;
  /** Below the last row in sight. */
  readonly left: number;
  readonly scrollToRow: (row: number) => void;
};

/** Which rows are near the screen. Whatever changes above what somebody looks at, that stays where it is. */
export function useGridWindow(
  container: RefObject<HTMLElement | null>,
  rows: readonly GridRow[],
  activeId: string | null,
): GridWindow {
  const tops = useMemo(() => topsOf(rows), [rows]);
  const [margin, setMargin] = useState(0);
  const activeRow = useMemo(() => (activeId === null ? undefined : placeOf(rows, activeId)?.row), [rows, activeId]);

  useLayoutEffect(() => {
    const measure = (): void => {
      const box = container.current?.getBoundingClientRect();
      if (box) setMargin(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [container]);

  const first = useScrolled(() => rowAt(tops, window.scrollY - margin));
  const last = useScrolled(() => rowAt(tops, window.scrollY - margin + window.innerHeight));

  const before = useRef({ rows, tops, margin });
  useLayoutEffect(() => {
    const old = before.current;
    before.current = { rows, tops, margin };
    const scrolled = window.scrollY - old.margin;
    if (old.rows.length === 0 || scrolled <= 0) return;
    let moved = margin - old.margin;
    if (old.rows !== rows) {
      const anchor = anchorOf(old.rows, old.tops, scrolled, activeId);
      const place = anchor && placeOf(rows, anchor.id);
      if (anchor && place) moved += (tops[place.row] ?? 0) - anchor.top;
    }
    if (moved !== 0) window.scrollBy({ top: moved, behavior: 'instant' });
  }, [rows, tops, margin, activeId]);

  const scrollToRow = useCallback(
    (row: number): void => {
      const top = margin + (tops[row] ?? 0);
      const bottom = margin + (tops[row + 1] ?? 0);
      const first = row === 1 ? 0 : top - 8;
      if (top < window.scrollY) window.scrollTo({ top: first, behavior: 'instant' });
      else if (bottom > window.scrollY + window.innerHeight - FOOT)
        window.scrollTo({ top: bottom - window.innerHeight + FOOT, behavior: 'instant' });
    },
    [tops, margin],
  );

  const near = rowsAround(first, last, activeRow, rows.length);
  const height = tops[rows.length] ?? 0;
  const end = tops[Math.min(rows.length, last + 1)] ?? 0;
  return { near, tops, height, left: height - end, scrollToRow };
}

function listenToScrolling(listener: () => void): () => void {
  for (const each of ['scroll', 'resize']) window.addEventListener(each, listener, { passive: true });
  return () => {
    for (const each of ['scroll', 'resize']) window.removeEventListener(each, listener);
  };
}

/** What follows from where the page is scrolled to; draws again only when that changes. */
const useScrolled = (read: () => number): number => useSyncExternalStore(listenToScrolling, read, () => 0);

/** What must not move: the tile with the focus while it is in sight, else the first one in sight. */
function anchorOf(
  rows: readonly GridRow[],
  tops: Tops,
  scrolled: number,
  activeId: string | null,
): { id: string; top: number } | null {
  const active = activeId === null ? null : placeOf(rows, activeId);
  const top = active ? (tops[active.row] ?? 0) : 0;
  const focused = active && document.activeElement?.closest('[data-tile]');
  const inSight = active && top + (rows[active.row]?.height ?? 0) > scrolled && top < scrolled + window.innerHeight;
  if (active && focused && inSight && activeId !== null) return { id: tileAt(rows, active)?.entry.id ?? activeId, top };
  let row = rowAt(tops, scrolled);
  while (row < rows.length && tilesAt(rows, row).length === 0) row += 1;
  const first = tilesAt(rows, row)[0];
  return first ? { id: first.entry.id, top: tops[row] ?? 0 } : null;
}

/** Calls `onNear` when less than three screens are left. */
export function useNearEnd(left: number, onNear: (() => void) | null): void {
  useEffect(() => {
    if (onNear && left < window.innerHeight * 3) onNear();
  }, [left, onNear]);
}
