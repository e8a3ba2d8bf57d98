import { useEffect, useEffectEvent, useRef } from 'react';
import { clock } from '#src/domain/measures.ts';
import { join } from '#src/ui/join.ts';
import { Waveform } from '../results/files/waveform.tsx';
import { useFilmSource } from '../viewer/playback/use-film-source.ts';
import type { Seen } from './use-show.ts';
import { wallWords } from './wall-words.ts';

type SlideProps = {
  item: Seen;
  /** Only the top one is visible; the one below is leaving. */
  isShown: boolean;
  isPlaying: boolean;
  onReady: () => void;
  onFailed: () => void;
};

/** One picture, film or sound, filling the screen. */
export function Slide(props: SlideProps) {
  switch (props.item.kind) {
    case 'video':
      return <Film {...props} />;
    case 'audio':
      return <Sound {...props} />;
    default:
      return <Picture {...props} src={props.item.url} />;
  }
}

const lookOf = (isShown: boolean): string =>
  join(
    'absolute inset-0 size-full object-contain transition-opacity duration-700',
    isShown ? 'opacity-100' : 'opacity-0',
  );

function Picture({ item, src, isShown, onReady, onFailed }: SlideProps & { src: string }) {
  return (
    // biome-ignore lint/performance/noImgElement: it is shown whole, as it is
    <img
      src={src}
      alt={wallWords(item)}
      aria-hidden={!isShown}
      decoding="async"
      onLoad={onReady}
      onError={onFailed}
      className={lookOf(isShown)}
    />
  );
}

/** Plays the copy that the server makes where the browser cannot play the film itself; until there is one, it stands still. */
function Film(props: SlideProps) {
  const { item, isShown } = props;
  const source = useFilmSource(item);
  if (source.state === 'ready')
    return <Playing key={source.url} {...props} src={source.url} onFailed={source.onError} />;
  return (
    <>
      {item.thumbUrl !== null && <Picture {...props} src={item.thumbUrl} />}
      {isShown && (
        <p className="absolute top-6 right-6 max-w-[50%] rounded bg-black/60 px-3 py-1 text-white/80">
          {source.state === 'making' ? 'A playable copy of this film is being made.' : source.sentence}
        </p>
      )}
    </>
  );
}

function Playing({ item, src, isShown, isPlaying, onReady, onFailed }: SlideProps & { src: string }) {
  const film = useRef<HTMLVideoElement>(null);
  const runs = isShown && isPlaying;
  useEffect(() => {
    if (!film.current) return;
    // Where the browser blocks playback, the first frame shows.
    if (runs) film.current.play().catch(() => undefined);
    else film.current.pause();
  }, [runs]);
  return (
    <video
      ref={film}
      src={src}
      poster={item.thumbUrl ?? undefined}
      muted
      loop
      playsInline
      preload="auto"
      aria-label={wallWords(item)}
      aria-hidden={!isShown}
      onLoadedData={onReady}
      onError={onFailed}
      className={lookOf(isShown)}
    />
  );
}

/** Its waveform; it can be played on the wall's own page. */
function Sound({ item, isShown, onReady }: SlideProps) {
  const ready = useEffectEvent(onReady);
  useEffect(() => ready(), []);
  return (
    <figure
      aria-label={wallWords(item)}
      aria-hidden={!isShown}
      className={join(lookOf(isShown), 'flex flex-col items-center justify-center gap-6 px-[10vw]')}
    >
      {item.waveformUrl !== null && <Waveform url={item.waveformUrl} className="h-1/3 text-white" />}
      <figcaption className="text-20 text-white/70 tabular-nums">
        Sound{item.duration !== null && ` · ${clock(item.duration * 1000)}`}
      </figcaption>
    </figure>
  );
}
