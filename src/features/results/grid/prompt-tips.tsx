import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Gallery } from '../cache/gallery.ts';

/** Whoever only passes over a picture does not ask what it is. */
const REST_MS = 500;
const WIDTH = 360;
const EDGE = 8;
/** For five lines and the name. */
const ROOM = 150;

type Tip = { readonly prompt: string; readonly filename: string; readonly box: DOMRect };

/** Shows the prompt of the result that the pointer or the focus rests on. */
export function PromptTips({ gallery, children }: { gallery: Gallery; children: ReactNode }) {
  const [tip, setTip] = useState<Tip | null>(null);
  const next = useRef<{ tile: Element | null; timer: ReturnType<typeof setTimeout> }>(null);

  const hide = (tile: Element | null = null): void => {
    clearTimeout(next.current?.timer);
    next.current = null;
    setTip(null);
    if (tile) next.current = { tile, timer: setTimeout(show, REST_MS, tile) };
  };
  function show(tile: Element): void {
    const id = tile.getAttribute('data-tile') ?? '';
    const { prompt = null, filename = '' } = gallery.store.get(id) ?? {};
    if (prompt !== null && tile.isConnected) setTip({ prompt, filename, box: tile.getBoundingClientRect() });
  }
  const rest = (on: EventTarget): void => {
    const tile = on instanceof Element ? on.closest('[data-tile]') : null;
    if (tile !== (next.current?.tile ?? null)) hide(tile);
  };

  const shown = tip !== null;
  useEffect(() => {
    if (!shown) return;
    const away = (): void => setTip(null);
    window.addEventListener('scroll', away, { passive: true });
    return () => window.removeEventListener('scroll', away);
  }, [shown]);
  useEffect(() => () => clearTimeout(next.current?.timer), []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes where the pointer and the focus rest
    <div
      onPointerOver={(event: PointerEvent) => event.pointerType === 'mouse' && rest(event.target)}
      onPointerLeave={() => hide()}
      onPointerDown={() => hide()}
      onKeyDown={() => hide()}
      onFocus={(event: FocusEvent) => event.target.matches(':focus-visible') && rest(event.target)}
      onBlur={() => hide()}
    >
      {children}
      {tip && <PromptTip {...tip} />}
    </div>
  );
}

function PromptTip({ prompt, filename, box }: Tip) {
  const width = Math.min(WIDTH, window.innerWidth - 2 * EDGE);
  const left = Math.max(EDGE, Math.min(box.left, window.innerWidth - width - EDGE));
  const isBelow = window.innerHeight - box.bottom > ROOM;
  return (
    <div
      role="tooltip"
      style={{ width, left, ...(isBelow ? { top: box.bottom + 6 } : { bottom: window.innerHeight - box.top + 6 }) }}
      className="pointer-events-none fixed z-30 flex animate-arrive flex-col gap-1 rounded border border-line bg-raised px-3 py-2 shadow-float"
    >
      <p className="line-clamp-5 text-13 wrap-anywhere">{prompt}</p>
      <p className="truncate text-12 text-quiet">{filename}</p>
    </div>
  );
}
