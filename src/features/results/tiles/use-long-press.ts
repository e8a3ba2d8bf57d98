import { type MouseEvent, type PointerEvent, useRef } from 'react';

const LONG_MS = 450;
const MAX_MOVE = 10;

/** A long press with a finger. Suppresses the click and the browser's menu. */
export function useLongPress(act: () => void) {
  const held = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number; done: boolean }>(null);
  const letGo = (): void => clearTimeout(held.current?.timer);
  return {
    onPointerDown: (event: PointerEvent) => {
      letGo();
      held.current = null;
      if (event.pointerType === 'mouse') return;
      const press = {
        x: event.clientX,
        y: event.clientY,
        done: false,
        timer: setTimeout(() => {
          press.done = true;
          act();
        }, LONG_MS),
      };
      held.current = press;
    },
    onPointerMove: (event: PointerEvent) => {
      const press = held.current;
      if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > MAX_MOVE) letGo();
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
    onContextMenu: (event: MouseEvent) => {
      if (held.current) event.preventDefault();
    },
    onClickCapture: (event: MouseEvent) => {
      if (!held.current?.done) return;
      held.current = null;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
