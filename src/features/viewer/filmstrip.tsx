import { useVirtualizer } from '@tanstack/react-virtual';
import { AudioLines, Box, File, Image, Play } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { useMissing } from '../results/cache/use-missing.ts';
import { useSequence } from '../results/cache/use-sequence.ts';

const FRAME = 76;
const ENDS = 8;
const AROUND = 4;
/** So many before the end of what has been read, more is read. */
const AHEAD = 20;

const ICONS = { image: Image, video: Play, audio: AudioLines, model: Box, other: File } as const;

type FilmstripProps = { id: string; onGo: (id: string) => void };

/** What is before and after it in the grid, small. Nothing where there is no other. */
export function Filmstrip({ id, onGo }: FilmstripProps) {
  const { gallery, ids, more } = useSequence();
  const strip = useRef<HTMLElement>(null);
  const current = ids.indexOf(id);
  const isShown = current >= 0 && ids.length > 1;
  const frames = useVirtualizer({
    count: isShown ? ids.length : 0,
    getScrollElement: () => strip.current,
    estimateSize: () => FRAME,
    horizontal: true,
    overscan: AROUND,
    paddingStart: ENDS,
    paddingEnd: ENDS,
    initialOffset: Math.max(0, current * FRAME - window.innerWidth / 2),
  });
  const items = frames.getVirtualItems();
  useMissing(
    gallery,
    items.flatMap(({ index }) => ids[index] ?? []),
  );

  useEffect(() => {
    if (isShown) frames.scrollToIndex(current, { align: 'center' });
  }, [frames, isShown, current]);

  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (isShown && last > ids.length - AHEAD) more?.();
  }, [isShown, last, ids.length, more]);

  if (!isShown) return null;
  return (
    <nav ref={strip} aria-label="Filmstrip" className="h-16 shrink-0 overflow-x-auto overflow-y-hidden bg-panel">
      <div className="relative h-full" style={{ width: frames.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const each = ids[index];
          return (
            each !== undefined && (
              <Frame
                key={each}
                result={gallery.store.get(each)}
                left={start}
                number={index + 1}
                isCurrent={index === current}
                onPress={() => onGo(each)}
              />
            )
          );
        })}
      </div>
    </nav>
  );
}

type FrameProps = {
  result: ResultView | undefined;
  left: number;
  number: number;
  isCurrent: boolean;
  onPress: () => void;
};

function Frame({ result, left, number, isCurrent, onPress }: FrameProps) {
  const Icon = ICONS[result?.kind ?? 'image'];
  return (
    <button
      type="button"
      aria-label={result?.filename ?? `Result ${number}`}
      aria-current={isCurrent}
      title={result?.filename}
      // One stop for all: the arrow keys go from one to the next anyway.
      tabIndex={isCurrent ? 0 : -1}
      onClick={onPress}
      style={{ left }}
      className={join(
        'absolute top-1 flex h-12 w-[72px] items-center justify-center overflow-hidden rounded bg-raised text-quiet outline-offset-0',
        isCurrent ? 'ring-2 ring-accent' : 'opacity-70 hover:opacity-100 focus-visible:opacity-100',
        result?.rejected && !isCurrent && 'opacity-30',
      )}
    >
      {result?.thumbUrl ? (
        <>
          {/* biome-ignore lint/performance/noImgElement: the server makes the thumbnails itself */}
          <img src={result.thumbUrl} alt="" loading="lazy" decoding="async" className="size-full object-cover" />
          {result.kind === 'video' && (
            <Play size={12} aria-hidden className="absolute right-1 bottom-1 fill-white text-white drop-shadow" />
          )}
        </>
      ) : (
        result && <Icon size={16} aria-hidden />
      )}
    </button>
  );
}
