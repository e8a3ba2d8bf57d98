import { Box, EyeOff, File, Play } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { WallView } from '#src/api/views.ts';
import { clock } from '#src/domain/measures.ts';
import { KIND_WORDS } from '#src/domain/messages/kind-words.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { REMOVE_FROM_WALL } from '../results/actions/wall-action.ts';
import { Waveform } from '../results/files/waveform.tsx';
import { wallWords } from './wall-words.ts';

export const CAPTION_HEIGHT = 40;

type WallTileProps = {
  item: WallView;
  width: number;
  height: number;
  isNew: boolean;
  /** Null when the viewer may not. */
  onTakeDown: (() => void) | null;
};

export function WallTile({ item, width, height, isNew, onTakeDown }: WallTileProps) {
  return (
    <figure style={{ width }} className={join('shrink-0', isNew && 'animate-arrive')}>
      <div style={{ height }} className="overflow-hidden rounded bg-raised">
        {item.thumbUrl === null || item.url === null ? (
          <Card item={item} />
        ) : (
          <Link
            href={`/wall/projector?at=${encodeURIComponent(item.id)}`}
            prefetch={false}
            aria-label={wallWords(item)}
            className="relative block size-full rounded -outline-offset-2"
          >
            <Still src={item.thumbUrl} />
            {item.kind === 'video' && (
              <span className="absolute right-1 bottom-1 inline-flex items-center gap-1 rounded bg-black/60 px-1.5 text-12 text-white tabular-nums">
                <Play size={12} aria-hidden className="fill-current" />
                {item.duration !== null && clock(item.duration * 1000)}
              </span>
            )}
          </Link>
        )}
      </div>
      <figcaption style={{ height: CAPTION_HEIGHT }} className="flex items-center gap-2">
        <span className="min-w-0 grow truncate text-quiet">{item.mine ? 'Yours' : item.name}</span>
        {onTakeDown && <IconButton icon={EyeOff} label={REMOVE_FROM_WALL} onClick={onTakeDown} />}
      </figcaption>
    </figure>
  );
}

function Still({ src }: { src: string }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  if (state === 'failed')
    return <span className="flex size-full items-center justify-center p-3 text-quiet">No preview</span>;
  return (
    // biome-ignore lint/performance/noImgElement: the server makes the thumbnails itself
    <img
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      onLoad={() => setState('shown')}
      onError={() => setState('failed')}
      className={join('size-full object-contain transition-opacity', state === 'shown' ? 'opacity-100' : 'opacity-0')}
    />
  );
}

function Card({ item }: { item: WallView }) {
  const Icon = item.kind === 'model' ? Box : File;
  return (
    <div className="flex size-full flex-col items-center justify-center gap-2 border border-line p-3 text-center">
      {item.kind === 'audio' && item.url !== null ? (
        <>
          {item.waveformUrl !== null && <Waveform url={item.waveformUrl} className="h-0 grow text-quiet" />}
          {/* biome-ignore lint/a11y/useMediaCaption: generated sound has no captions */}
          <audio
            src={item.url}
            controls
            preload="none"
            aria-label={wallWords(item)}
            className="h-10 w-full max-w-[320px] shrink-0"
          />
        </>
      ) : (
        <>
          <Icon size={20} aria-hidden className="shrink-0 text-quiet" />
          <span className="text-quiet">{KIND_WORDS[item.kind]}</span>
        </>
      )}
    </div>
  );
}
