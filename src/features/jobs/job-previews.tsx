import { AudioLines, Box, File, Film, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { isReadable, useFileText } from '../results/files/use-file-text.ts';
import { narrow } from '../results/filters/use-filter.ts';

const MAX_SHOWN = 12;

type JobPreviewsProps = { title: string; previews: readonly ResultView[]; onOpen: (id: string) => void };

/** What the preview nodes of a job show: pictures in a row, sounds to play, texts to read. */
export function JobPreviews({ title, previews, onOpen }: JobPreviewsProps) {
  const shown = previews.slice(0, MAX_SHOWN);
  const small = shown.filter((one) => !isWide(one));
  return (
    <section aria-label={`Previews of ${title}`} className="flex flex-col gap-2">
      {small.length > 0 && (
        <div className="flex flex-wrap gap-1">
          {small.map((preview) => (
            <Opener key={preview.id} preview={preview} onOpen={onOpen} className="h-16 max-w-full rounded">
              <Still preview={preview} />
            </Opener>
          ))}
        </div>
      )}
      {shown.filter(isWide).map((preview) =>
        preview.kind === 'audio' ? (
          <Sound key={preview.id} preview={preview} />
        ) : (
          <Opener key={preview.id} preview={preview} onOpen={onOpen} className="w-full rounded bg-raised p-2 text-left">
            <Text preview={preview} />
          </Opener>
        ),
      )}
      {previews.length > MAX_SHOWN && (
        <button
          type="button"
          onClick={() => narrow({ previews: true })}
          className="self-start text-quiet underline decoration-line underline-offset-2 hover:decoration-text"
        >
          {`Show all ${previews.length} previews`}
        </button>
      )}
    </section>
  );
}

const isWide = (preview: ResultView): boolean => preview.kind === 'audio' || isReadable(preview);

type OpenerProps = {
  preview: ResultView;
  onOpen: (id: string) => void;
  className: string;
  children: ReactNode;
};

function Opener({ preview: { id, filename }, onOpen, className, children }: OpenerProps) {
  return (
    <a
      href={`/?result=${encodeURIComponent(id)}`}
      aria-label={`Open ${filename}`}
      title={filename}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(id);
      }}
      className={`block overflow-hidden -outline-offset-2 ${className}`}
    >
      {children}
    </a>
  );
}

const ICONS: Record<ResultView['kind'], LucideIcon> = {
  image: File,
  video: Film,
  audio: AudioLines,
  model: Box,
  other: File,
};

/** As wide as its picture: nothing moves when it loads. */
function Still({ preview: { kind, thumbUrl, url, width, height, filename } }: { preview: ResultView }) {
  const picture = thumbUrl ?? (kind === 'image' ? url : null);
  if (picture !== null)
    return (
      // biome-ignore lint/performance/noImgElement: the server makes the thumbnails itself
      <img
        src={picture}
        alt=""
        decoding="async"
        style={{ aspectRatio: width && height ? `${width} / ${height}` : '1' }}
        className="h-16 max-w-full bg-raised object-contain"
      />
    );
  const Icon = ICONS[kind];
  return (
    <span className="flex h-16 w-28 flex-col items-center justify-center gap-1 bg-raised px-2 text-12 text-quiet">
      <Icon size={20} aria-hidden />
      <span className="max-w-full truncate">{filename}</span>
    </span>
  );
}

function Sound({ preview: { url, filename } }: { preview: ResultView }) {
  // biome-ignore lint/a11y/useMediaCaption: generated sound has no captions
  return <audio controls preload="metadata" src={url} aria-label={filename} className="h-10 w-full" />;
}

function Text({ preview }: { preview: ResultView }) {
  const text = useFileText(preview);
  if (text === undefined) return <span className="text-quiet">{preview.filename}</span>;
  return (
    <span className="line-clamp-4 min-h-5 whitespace-pre-wrap [overflow-wrap:anywhere]">
      {text === '' ? 'Empty text' : text}
    </span>
  );
}
