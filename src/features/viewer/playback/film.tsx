import { File } from 'lucide-react';
import { type DragEvent, useCallback, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { FileCard } from '../files/file-card.tsx';
import { Stage, type StageProps } from '../zoom/stage.tsx';
import type { Size } from '../zoom/zoom.ts';
import { readFrameRate } from './frame-rate.ts';
import type { Transport } from './transport.ts';
import { type FilmSource, useFilmSource } from './use-film-source.ts';

/** Reads the frames per second of a film; null when they cannot be known. */
export const frameRateQuery = ({ kind, url }: Pick<ResultView, 'kind' | 'url'>) => ({
  queryKey: ['frame-rate', url],
  queryFn: () => readFrameRate(url),
  enabled: kind === 'video',
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

type FilmProps = StageProps & {
  result: ResultView;
  transport: Transport;
  /** Its first frame has loaded. */
  onReady?: () => void;
  onDragStart?: (event: DragEvent) => void;
};

/** A film without controls of its own: a transport moves it. */
export function Film({ result, ...rest }: FilmProps) {
  const source = useFilmSource(result);
  switch (source.state) {
    case 'ready':
      return <Playing key={source.url} result={result} source={source} {...rest} />;
    case 'making':
      return (
        <>
          {result.thumbUrl !== null && (
            // biome-ignore lint/performance/noImgElement: the server makes it
            <img src={result.thumbUrl} alt="" className="absolute inset-0 size-full object-contain opacity-60" />
          )}
          <p role="status" className="absolute inset-0 flex items-center justify-center p-4">
            <span className="rounded bg-panel px-3 py-2 text-center">
              This browser cannot play this film. A playable copy is being made.
            </span>
          </p>
        </>
      );
    case 'cannot':
      return <FileCard result={result} icon={File} note={source.sentence} />;
  }
}

type PlayingProps = FilmProps & { source: FilmSource & { state: 'ready' } };

function Playing({ result, source, transport, onReady, onDragStart, ...stage }: PlayingProps) {
  const [natural, setNatural] = useState<Size | null>(null);
  const [shown, setShown] = useState(false);
  const attach = useCallback(
    (film: HTMLVideoElement | null) => (film ? transport.attach(film) : undefined),
    [transport],
  );
  const known = result.width && result.height ? { width: result.width, height: result.height } : natural;
  return (
    <>
      <Stage size={known} {...stage}>
        {(style, isZoomed) => (
          // biome-ignore lint/a11y/useMediaCaption: generated films have no captions
          <video
            ref={attach}
            src={source.url}
            poster={result.thumbUrl ?? undefined}
            playsInline
            preload="auto"
            aria-label={result.filename}
            draggable={!isZoomed}
            onDragStart={onDragStart}
            onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) => {
              setNatural({ width: videoWidth || 1280, height: videoHeight || 720 });
              transport.measured();
            }}
            onDurationChange={() => transport.measured()}
            onLoadedData={() => {
              setShown(true);
              onReady?.();
            }}
            onError={source.onError}
            style={style}
            className={shown ? 'object-fill' : 'object-contain'}
          />
        )}
      </Stage>
      {source.isProxy && (
        <p className="absolute top-14 left-2 animate-leave-late rounded bg-black/60 px-2 py-1 text-12 text-white">
          Playing a smaller copy: this browser cannot play the original.
        </p>
      )}
    </>
  );
}
