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
import { type RowOffsets, rowAt, rowOffsetsOf, rowsAround } from '../layout/row-offsets.ts';

/** The height of what floats at the lower edge of the screen. */
const FOOT = 80;

type GridWindow = {
  /** The rows that are drawn, by number. */
  readonly near: readonly number[];
  readonly offsets: RowOffsets;
  readonly height: number;
  /** The height below the last visible row. */
  readonly left: number;
  readonly scrollToRow: (row: number) => void;
};

/** Which rows are near the screen. What is on screen keeps its place whatever changes above it. */
export function useGridWindow(
  container: RefObject<HTMLElement | null>,
  rows: readonly GridRow[],
  activeId: string | null,
): GridWindow {
  const offsets = useMemo(() => rowOffsetsOf(rows), [rows]);
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

  const first = useScrolled(() => rowAt(offsets, window.scrollY - margin));
  const last = useScrolled(() => rowAt(offsets, window.scrollY - margin + window.innerHeight));

  const before = useRef({ rows, offsets, margin });
  useLayoutEffect(() => {
    const old = before.current;
    before.current = { rows, offsets, margin };
    const scrolled = window.scrollY - old.margin;
    if (old.rows.length === 0 || scrolled <= 0) return;
    let moved = margin - old.margin;
    if (old.rows !== rows) {
      const anchor = anchorOf(old.rows, old.offsets, scrolled, activeId);
      const place = anchor && placeOf(rows, anchor.id);
      if (anchor && place) moved += (offsets[place.row] ?? 0) - anchor.top;
    }
    if (moved !== 0) window.scrollBy({ top: moved, behavior: 'instant' });
  }, [rows, offsets, margin, activeId]);

  const scrollToRow = useCallback(
    (row: number): void => {
      const top = margin + (offsets[row] ?? 0);
      const bottom = margin + (offsets[row + 1] ?? 0);
      const first = row === 1 ? 0 : top - 8;
      if (top < window.scrollY) window.scrollTo({ top: first, behavior: 'instant' });
      else if (bottom > window.scrollY + window.innerHeight - FOOT)
        window.scrollTo({ top: bottom - window.innerHeight + FOOT, behavior: 'instant' });
    },
    [offsets, margin],
  );

  const near = rowsAround(first, last, activeRow, rows.length);
  const height = offsets[rows.length] ?? 0;
  const end = offsets[Math.min(rows.length, last + 1)] ?? 0;
  return { near, offsets, height, left: height - end, scrollToRow };
}

function listenToScrolling(listener: () => void): () => void {
  for (const each of ['scroll', 'resize']) window.addEventListener(each, listener, { passive: true });
  return () => {
    for (const each of ['scroll', 'resize']) window.removeEventListener(each, listener);
  };
}

/** A value derived from the scroll position; re-renders only when it changes. */
const useScrolled = (read: () => number): number => useSyncExternalStore(listenToScrolling, read, () => 0);

/** The tile that must not move: the focused one while visible, else the first visible one. */
function anchorOf(
  rows: readonly GridRow[],
  offsets: RowOffsets,
  scrolled: number,
  activeId: string | null,
): { id: string; top: number } | null {
  const active = activeId === null ? null : placeOf(rows, activeId);
  const top = active ? (offsets[active.row] ?? 0) : 0;
  const focused = active && document.activeElement?.closest('[data-tile]');
  const inSight = active && top + (rows[active.row]?.height ?? 0) > scrolled && top < scrolled + window.innerHeight;
  if (active && focused && inSight && activeId !== null) return { id: tileAt(rows, active)?.entry.id ?? activeId, top };
  let row = rowAt(offsets, scrolled);
  while (row < rows.length && tilesAt(rows, row).length === 0) row += 1;
  const first = tilesAt(rows, row)[0];
  return first ? { id: first.entry.id, top: offsets[row] ?? 0 } : null;
}

/** Calls `onNear` when less than three screens are left. */
export function useNearEnd(left: number, onNear: (() => void) | null): void {
  useEffect(() => {
    if (onNear && left < window.innerHeight * 3) onNear();
  }, [left, onNear]);
}
