import { useEffect, useState } from 'react';
import type { WallView } from '#src/api/views.ts';
import { begin, follow, next, previous, showingMs, type Turn } from './playlist.ts';

export type Seen = WallView & { url: string };
/** The same picture shown again is another layer: it has to load, and to fade in, again. */
type Layer = { readonly key: number; readonly item: Seen; readonly isReady: boolean };

/** After what cannot be shown, so that a broken connection does not make it race. */
const FAILED_MS = 2000;
const FADE_MS = 800;

/** Shows the results of the wall one after another. At most two layers: the visible one, and the previous or next one. */
export function useShow(items: readonly Seen[], at: string | null, plays: boolean) {
  const [turn, setTurn] = useState<Turn | null>(null);
  const [layers, setLayers] = useState<readonly Layer[]>([]);
  const [isPlaying, setPlaying] = useState(plays);
  const ids = items.map(({ id }) => id);
  const list = ids.join();

  const followed = turn === null ? begin(ids, at) : follow(ids, turn);
  if (followed !== turn && !(turn === null && ids.length === 0)) setTurn(followed);

  const current = items.find(({ id }) => id === followed.current);
  const top = layers.at(-1);
  if (current && top?.item.id !== current.id)
    setLayers([
      ...layers.filter(({ isReady }) => isReady).slice(-1),
      { key: (top?.key ?? 0) + 1, item: current, isReady: false },
    ]);
  if (!current && layers.length > 0) setLayers([]);

  const isReady = top?.isReady ?? false;
  const step = (how: typeof next): void =>
    setTurn((now) => (now === null ? now : how(list === '' ? [] : list.split(','), now)));

  // The previous one is removed after fading; results removed from the wall go at once.
  useEffect(() => {
    if (!isReady || layers.length < 2) return;
    const timer = setTimeout(() => setLayers((now) => now.slice(-1)), FADE_MS);
    return () => clearTimeout(timer);
  }, [isReady, layers.length]);

  const currentId = current?.id;
  const ms = current ? showingMs(current) : 0;
  useEffect(() => {
    if (!isPlaying || !isReady || currentId === undefined) return;
    const timer = setTimeout(() => setTurn((now) => (now === null ? now : next(list.split(','), now))), ms);
    return () => clearTimeout(timer);
  }, [isPlaying, isReady, currentId, ms, list]);

  return {
    layers,
    current,
    isPlaying,
    toggle: () => setPlaying(!isPlaying),
    next: () => step(next),
    previous: () => step(previous),
    ready: (key: number) =>
      setLayers((now) => now.map((layer) => (layer.key === key ? { ...layer, isReady: true } : layer))),
    failed: (id: string) => {
      if (items.length > 1) setTimeout(() => setTurn((now) => (now?.current === id ? next(ids, now) : now)), FAILED_MS);
    },
  };
}
