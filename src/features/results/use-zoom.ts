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

  const zoom = (scale: number, at?: Point): void => {
    if (!view || !picture || !room) return;
    setZoomed(zoomTo(view, scale, at ?? { x: room.width / 2, y: room.height / 2 }, picture, room));
  };
  const onStage = (event: { clientX: number; clientY: number }): Point => {
    const box = stage.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const turn = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    // A pinch on a trackpad comes as a wheel with Ctrl and in much smaller steps.
    if (view) zoom(view.scale * Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.002)), onStage(event));
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
    if (!held.has(event.pointerId) || !view || !picture || !room) return;
    const before = [...held.values()];
    held.set(event.pointerId, onStage(event));
    const after = [...held.values()];
    const from = middle(before);
    const to = middle(after);
    const panned = { scale: view.scale, x: view.x + to.x - from.x, y: view.y + to.y - from.y };
    const scale = view.scale * (held.size > 1 ? spread(after) / spread(before) : 1);
    setZoomed(zoomTo(panned, scale, to, picture, room));
  };
  const release = (event: PointerEvent): void => {
    fingers.current.delete(event.pointerId);
  };

  return {
    stage,
    view,
    isZoomed: zoomed !== null,
    zoomBy: (factor: number): void => zoom((view?.scale ?? 1) * factor),
    /** Real pixels, or back to the whole picture. */
    toggle: (at?: Point): void => (zoomed ? setZoomed(null) : zoom(1, at)),
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
