import { useEffect, useRef } from 'react';
import type { WallView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { wallWords } from './wall-words.ts';

type SlideProps = {
  item: WallView;
  url: string;
  /** Only the one on top is seen; the one below is on its way out. */
  isShown: boolean;
  isPlaying: boolean;
  onReady: () => void;
  onFailed: () => void;
};

/** One picture or film as large as the room is. */
export function Slide({ item, url, isShown, isPlaying, onReady, onFailed }: SlideProps) {
  const film = useRef<HTMLVideoElement>(null);
  const runs = isShown && isPlaying;
  useEffect(() => {
    if (!film.current) return;
    // A browser that does not let it play shows its first frame.
    if (runs) film.current.play().catch(() => undefined);
    else film.current.pause();
  }, [runs]);

  const look = join(
    'absolute inset-0 size-full object-contain transition-opacity duration-700',
    isShown ? 'opacity-100' : 'opacity-0',
  );
  if (item.kind === 'video')
    return (
      <video
        ref={film}
        src={url}
        muted
        loop
        playsInline
        preload="auto"
        aria-label={wallWords(item)}
        aria-hidden={!isShown}
        onLoadedData={onReady}
        onError={onFailed}
        className={look}
      />
    );
  return (
    // biome-ignore lint/performance/noImgElement: it is shown whole, as it is
    <img
      src={url}
      alt={wallWords(item)}
      aria-hidden={!isShown}
      decoding="async"
      onLoad={onReady}
      onError={onFailed}
      className={look}
    />
  );
}
