import { AudioLines, Box, Download, File, Play } from 'lucide-react';
import { useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { iconLook } from '#src/ui/button.tsx';
import { join } from '#src/ui/join.ts';
import { clock, fileSize } from '#src/ui/measures.ts';

const KIND_WORDS: Record<ResultView['kind'], string> = {
  image: 'Picture',
  video: 'Film',
  audio: 'Sound',
  model: 'Model',
  other: 'File',
};

export const tileId = (resultId: string): string => `result-${resultId}`;
export const downloadUrl = ({ url }: ResultView): string => `${url}?download=1`;

type TileProps = { result: ResultView; width: number; height: number; isNew: boolean; onOpen: () => void };

export function Tile({ result, width, height, isNew, onOpen }: TileProps) {
  const size = result.width && result.height ? `, ${result.width} × ${result.height}` : '';
  return (
    <div style={{ width, height }} className={join('group/tile relative shrink-0', isNew && 'animate-arrive')}>
      <a
        id={tileId(result.id)}
        href={`/?result=${encodeURIComponent(result.id)}`}
        aria-label={`${KIND_WORDS[result.kind]} ${result.filename}${size}`}
        data-result={result.id}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onOpen();
        }}
        className="block size-full overflow-hidden rounded bg-raised -outline-offset-2"
      >
        <Content result={result} />
      </a>
      <a
        href={downloadUrl(result)}
        aria-label={`Download ${result.filename}`}
        title="Download"
        download
        className={iconLook(
          'absolute top-1 right-1 bg-black/60 text-white opacity-0 hover:bg-black/80 hover:text-white group-hover/tile:opacity-100 group-focus-within/tile:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100',
        )}
      >
        <Download size={16} aria-hidden />
      </a>
    </div>
  );
}

function Content({ result }: { result: ResultView }) {
  switch (result.kind) {
    case 'image':
      return <Still src={result.thumbUrl ?? result.url} />;
    case 'video':
      return <Film result={result} />;
    case 'audio':
      return (
        <Label icon={AudioLines} result={result} note={result.duration === null ? '' : clock(result.duration * 1000)} />
      );
    case 'model':
      return <Label icon={Box} result={result} note={fileSize(result.bytes)} />;
    case 'other':
      return <Label icon={File} result={result} note={fileSize(result.bytes)} />;
  }
}

function Still({ src }: { src: string }) {
  const [loaded, setLoaded] = useState(false);
  return (
    // biome-ignore lint/performance/noImgElement: the server makes the small pictures itself
    <img
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      onLoad={() => setLoaded(true)}
      className={join('size-full object-contain transition-opacity', loaded ? 'opacity-100' : 'opacity-0')}
    />
  );
}

const DARK_NOTE = 'absolute right-1 bottom-1 rounded bg-black/60 px-1.5 text-12 text-white tabular-nums';

/** Shows its poster; plays without sound while it is pointed at or has the focus. */
function Film({ result }: { result: ResultView }) {
  const [playing, setPlaying] = useState(false);
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <span
      className="relative block size-full"
      onPointerEnter={(event) => event.pointerType === 'mouse' && setPlaying(!still)}
      onPointerLeave={() => setPlaying(false)}
    >
      {result.thumbUrl ? (
        <Still src={result.thumbUrl} />
      ) : (
        // Without a poster the browser draws the first frame itself.
        <video src={`${result.url}#t=0.1`} preload="metadata" muted playsInline className="size-full object-contain" />
      )}
      {playing && (
        <video src={result.url} autoPlay muted loop playsInline className="absolute inset-0 size-full object-contain" />
      )}
      <span className={join(DARK_NOTE, 'inline-flex items-center gap-1')}>
        <Play size={12} aria-hidden className="fill-current" />
        {result.duration !== null && clock(result.duration * 1000)}
      </span>
    </span>
  );
}

function Label({ icon: Icon, result, note }: { icon: typeof File; result: ResultView; note: string }) {
  return (
    <span className="flex size-full flex-col items-center justify-center gap-1 border border-line p-3 text-center">
      <Icon size={20} aria-hidden className="text-quiet" />
      <span className="line-clamp-2 max-w-full text-13">{result.filename}</span>
      <span className="text-12 text-quiet tabular-nums">
        {KIND_WORDS[result.kind]}
        {note && ` · ${note}`}
      </span>
    </span>
  );
}
