import { AudioLines, Box, File, Image, Play } from 'lucide-react';
import { type PointerEvent, type ReactNode, useCallback, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { STORYBOARD_FRAMES } from '#src/domain/files/derived.ts';
import { clock, fileSize } from '#src/domain/measures.ts';
import { KIND_WORDS } from '#src/domain/messages/kind-words.ts';
import { join } from '#src/ui/join.ts';
import { Waveform } from '../files/waveform.tsx';

/** The content of a tile; its size is fixed beforehand. */
export function TileContent({ result }: { result: ResultView }) {
  switch (result.kind) {
    case 'image':
      return (
        <Still
          src={result.thumbUrl ?? result.url}
          instead={<Label icon={Image} result={result} note={fileSize(result.bytes)} />}
        />
      );
    case 'video':
      return <Film result={result} />;
    case 'audio':
      return (
        <Label
          icon={AudioLines}
          result={result}
          note={result.duration === null ? '' : clock(result.duration * 1000)}
          picture={
            result.waveformUrl === null ? null : <Waveform url={result.waveformUrl} className="h-1/3 text-quiet" />
          }
        />
      );
    case 'model':
      return <Label icon={Box} result={result} note={fileSize(result.bytes)} />;
    case 'other':
      return <Label icon={File} result={result} note={fileSize(result.bytes)} />;
  }
}

/** Pictures that only scroll past are not loaded. */
const SETTLE_MS = 60;

function Still({ src, instead = null }: { src: string; instead?: ReactNode }) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  const load = useCallback(
    (image: HTMLImageElement) => {
      const timer = setTimeout(() => {
        image.src = src;
      }, SETTLE_MS);
      return () => {
        clearTimeout(timer);
        // Or the browser would go on loading it, and what is in sight would wait behind it.
        image.removeAttribute('src');
      };
    },
    [src],
  );
  if (state === 'failed' && instead !== null) return instead;
  return (
    // biome-ignore lint/performance/noImgElement: the server makes the thumbnails itself
    <img
      ref={load}
      alt=""
      decoding="async"
      onLoad={() => setState('loaded')}
      onError={() => setState('failed')}
      className={join('size-full object-contain transition-opacity', state === 'loaded' ? 'opacity-100' : 'opacity-0')}
    />
  );
}

/** Shows its poster; scrubs while it is pointed at, or plays without sound where there is no storyboard. */
function Film({ result }: { result: ResultView }) {
  const [at, setAt] = useState<number | null>(null);
  const [board, setBoard] = useState<'unknown' | 'there' | 'none'>(result.storyboardUrl === null ? 'none' : 'unknown');
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const follow = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse') return;
    const box = event.currentTarget.getBoundingClientRect();
    setAt(Math.min(0.999, Math.max(0, (event.clientX - box.left) / box.width)));
  };
  const frame = at === null ? 0 : Math.floor(at * STORYBOARD_FRAMES);
  return (
    <span
      className="relative block size-full"
      onPointerEnter={follow}
      onPointerMove={follow}
      onPointerLeave={() => setAt(null)}
    >
      {result.thumbUrl ? (
        <Still src={result.thumbUrl} />
      ) : (
        // Without a poster the browser draws the first frame itself.
        <video src={`${result.url}#t=0.1`} preload="metadata" muted playsInline className="size-full object-contain" />
      )}
      {at !== null && board !== 'none' && result.storyboardUrl !== null && (
        <span className="absolute inset-0 overflow-hidden">
          {/* biome-ignore lint/performance/noImgElement: the server makes it */}
          <img
            src={result.storyboardUrl}
            alt=""
            onLoad={() => setBoard('there')}
            onError={() => setBoard('none')}
            className={join('h-full max-w-none', board === 'there' ? 'opacity-100' : 'opacity-0')}
            style={{
              width: `${STORYBOARD_FRAMES * 100}%`,
              transform: `translateX(${(-100 * frame) / STORYBOARD_FRAMES}%)`,
            }}
          />
          <span className="absolute inset-y-0 w-px bg-accent" style={{ left: `${at * 100}%` }} />
        </span>
      )}
      {at !== null && board === 'none' && !still && (
        <video src={result.url} autoPlay muted loop playsInline className="absolute inset-0 size-full object-contain" />
      )}
    </span>
  );
}

export function TileDuration({ result, className }: { result: ResultView; className: string }) {
  return (
    <span
      aria-hidden
      className={join('pointer-events-none inline-flex h-6 items-center gap-1 rounded bg-black/60 px-1.5', className)}
    >
      <Play size={12} className="fill-current" />
      {result.duration !== null && clock(result.duration * 1000)}
    </span>
  );
}

type LabelProps = { icon: typeof File; result: ResultView; note: string; picture?: ReactNode };

function Label({ icon: Icon, result, note, picture = null }: LabelProps) {
  return (
    <span className="flex size-full flex-col items-center justify-center gap-1 border border-line p-3 text-center">
      {picture ?? <Icon size={20} aria-hidden className="shrink-0 text-quiet" />}
      <span className="max-w-full shrink-0 truncate text-13">{result.filename}</span>
      <span className="max-w-full shrink-0 truncate text-12 text-quiet tabular-nums">
        {KIND_WORDS[result.kind]}
        {note && ` · ${note}`}
      </span>
    </span>
  );
}
