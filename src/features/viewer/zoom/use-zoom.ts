import { type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { swipeOf } from './swipe.ts';
import { fitted, type Lens, lensOf, type Point, type Size, viewThrough, zoomTo } from './zoom.ts';

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});
const spread = ([a, b]: readonly Point[]): number => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 1);

/** A pointer that moved less than this has clicked. */
const STILL = 5;

export type LensState = readonly [lens: Lens | null, set: (change: (before: Lens | null) => Lens | null) => void];

type ZoomOptions = {
  /** Real pixels of this screen; null until it is known. */
  picture: Size | null;
  /** Several stages may share one: then they zoom and pan together. */
  lens: LensState;
  onSwipe?: ((way: 1 | -1) => void) | undefined;
  onTap?: (() => void) | undefined;
};

/** Zoom and pan of a picture on a stage: wheel and pinch zoom, dragging pans. `view` is null until the stage is measured. */
export function useZoom({ picture, lens: [lens, setLens], onSwipe, onTap }: ZoomOptions) {
  const stage = useRef<HTMLDivElement>(null);
  const fingers = useRef(new Map<number, Point>());
  const press = useRef<{ at: Point; since: number } | null>(null);
  const [room, setRoom] = useState<Size | null>(null);
  const view = picture && room ? viewThrough(lens, picture, room) : null;

  /** Several events can occur between renders, so each builds on the lens of the previous one. */
  const change = (scaleBy: number, at: Point, from: Point = at): void => {
    if (!picture || !room) return;
    setLens((before) => {
      const { scale, x, y } = viewThrough(before, picture, room);
      const panned = { scale, x: x + at.x - from.x, y: y + at.y - from.y };
      return lensOf(zoomTo(panned, scale * scaleBy, at, picture, room), picture, room);
    });
  };
  const centre = (): Point => ({ x: (room?.width ?? 0) / 2, y: (room?.height ?? 0) / 2 });
  const onStage = (event: { clientX: number; clientY: number }): Point => {
    const box = stage.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const turn = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    // A pinch on a trackpad comes as a wheel with Ctrl and in much smaller steps.
    change(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.002)), onStage(event));
  });

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setRoom(entry.contentRect));
    const onWheel = (event: WheelEvent) => turn(event);
    observer.observe(element);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, []);

  const move = (event: PointerEvent): void => {
    const held = fingers.current;
    if (!held.has(event.pointerId)) return;
    const before = [...held.values()];
    held.set(event.pointerId, onStage(event));
    const after = [...held.values()];
    if (held.size > 1) press.current = null;
    change(held.size > 1 ? spread(after) / spread(before) : 1, middle(after), middle(before));
  };
  const release = (event: PointerEvent): void => {
    if (!fingers.current.delete(event.pointerId) || fingers.current.size > 0) return;
    const began = press.current;
    press.current = null;
    if (!began || event.type === 'pointercancel') return;
    const to = onStage(event);
    const way = swipeOf(began.at, to, event.timeStamp - began.since);
    if (Math.hypot(to.x - began.at.x, to.y - began.at.y) < STILL) onTap?.();
    else if (lens === null && way && event.pointerType === 'touch') onSwipe?.(way);
  };

  return {
    stage,
    view,
    zoomBy: (factor: number): void => change(factor, centre()),
    pan: (x: number, y: number): void => {
      const from = centre();
      change(1, { x: from.x + x, y: from.y + y }, from);
    },
    /** Real pixels, or back to the whole picture. */
    toggle: (at?: Point): void => {
      if (lens) setLens(() => null);
      else if (view && picture && room && fitted(picture, room).scale !== 1) change(1 / view.scale, at ?? centre());
    },
    onStage,
    handlers: {
      onPointerDown: (event: PointerEvent): void => {
        if (event.button !== 0) return;
        // An unzoomed picture can be dragged out of the page with a mouse: then the browser has the pointer.
        if (lens !== null || event.pointerType !== 'mouse') event.currentTarget.setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, onStage(event));
        press.current = fingers.current.size === 1 ? { at: onStage(event), since: event.timeStamp } : null;
      },
      onPointerMove: move,
      onPointerUp: release,
      onPointerCancel: release,
    },
  };
}
