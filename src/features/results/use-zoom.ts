import { type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { fitted, keepOnStage, type Point, type Size, type View, zoomTo } from './zoom.ts';

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});
const spread = ([a, b]: readonly Point[]): number => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 1);

/**
 * Zoom and pan of a picture on a stage: wheel and pinch zoom, dragging pans. `picture` is its size in real pixels of this screen.
 * `view` is null until the stage is measured; without zoom it follows the stage.
 */
export function useZoom(picture: Size | null) {
  const stage = useRef<HTMLDivElement>(null);
  const fingers = useRef(new Map<number, Point>());
  const [room, setRoom] = useState<Size | null>(null);
  const [zoomed, setZoomed] = useState<View | null>(null);
  const view = picture && room ? (zoomed ? keepOnStage(zoomed, picture, room) : fitted(picture, room)) : null;

  /** Several events can come between two renders, so each builds on the view that the one before has left. */
  const change = (scaleBy: number, at: Point, from: Point = at): void => {
    if (!picture || !room) return;
    const whole = fitted(picture, room);
    setZoomed((before) => {
      const { scale, x, y } = before ?? whole;
      const panned = { scale, x: x + at.x - from.x, y: y + at.y - from.y };
      const next = zoomTo(panned, scale * scaleBy, at, picture, room);
      return next.scale === whole.scale ? null : next;
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
    change(held.size > 1 ? spread(after) / spread(before) : 1, middle(after), middle(before));
  };
  const release = (event: PointerEvent): void => {
    fingers.current.delete(event.pointerId);
  };

  return {
    stage,
    view,
    isZoomed: zoomed !== null,
    zoomBy: (factor: number): void => change(factor, centre()),
    /** Real pixels, or back to the whole picture. */
    toggle: (at?: Point): void => {
      if (zoomed) setZoomed(null);
      else if (view) change(1 / view.scale, at ?? centre());
    },
    onStage,
    handlers: {
      onPointerDown: (event: PointerEvent): void => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, onStage(event));
      },
      onPointerMove: move,
      onPointerUp: release,
      onPointerCancel: release,
    },
  };
}
