import { Download, FileAudio, FileImage, FileVideo, Play, RefreshCw, Trash2 } from 'lucide-react';
import Link from 'next/link';
import type { InputView } from '#src/api/present-input.ts';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { IconButton, iconClass } from '#src/ui/buttons/button.tsx';

export const ICONS = { image: FileImage, video: FileVideo, audio: FileAudio } as const;
export const KINDS = { image: 'Picture', video: 'Film', audio: 'Sound' } as const;
const ACCEPT = { image: 'image/*', video: 'video/*', audio: 'audio/*' } as const;

type InputTileProps = {
  input: InputView;
  onUse: () => void;
  onReplace: (file: File) => void;
  onDelete: () => void;
};

/** One upload: what it looks like, what it is, who uses it, and what can be done with it. */
export function InputTile({ input, onUse, onReplace, onDelete }: InputTileProps) {
  const { id, name, kind, bytes, createdAt, url, thumbUrl, usedBy } = input;
  const Icon = ICONS[kind];
  return (
    <li aria-label={name} className="flex min-w-0 flex-col overflow-hidden rounded border border-line bg-panel">
      <a
        href={url}
        target="_blank"
        rel="noreferrer"
        aria-label={`Open ${name}`}
        className="relative flex aspect-4/3 items-center justify-center bg-page text-quiet -outline-offset-2"
      >
        {thumbUrl === null ? (
          <Icon size={32} strokeWidth={1.5} aria-hidden />
        ) : (
          // biome-ignore lint/performance/noImgElement: thumbnails come ready-made from our own server
          <img src={thumbUrl} alt="" loading="lazy" className="absolute inset-0 size-full object-contain" />
        )}
        {kind === 'video' && (
          <FileVideo size={16} aria-hidden className="absolute right-2 bottom-2 rounded bg-black/60 p-0.5 text-white" />
        )}
      </a>
      <div className="flex grow flex-col gap-0.5 p-2">
        <p className="truncate font-semibold" title={name}>
          {name}
        </p>
        <p className="truncate text-12 text-quiet tabular-nums">
          {KINDS[kind]} · {fileSize(bytes)} · {ago(new Date(createdAt), new Date())}
        </p>
        <p className="min-h-4.5 truncate text-12 text-quiet">
          {usedBy === 0 && 'Not used yet'}
          {usedBy !== null && usedBy > 0 && (
            <Link href={`/?input=${id}`} prefetch={false} className="underline underline-offset-2 hover:text-text">
              Used by {counted(usedBy, 'job')}
            </Link>
          )}
        </p>
        <div className="mt-auto -mb-1 flex items-center justify-between sm:justify-end">
          <IconButton icon={Play} label={`Use ${name} in a workflow`} title="Use in a workflow" onClick={onUse} />
          <label
            className={iconClass('cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent')}
            title="Replace"
          >
            <RefreshCw size={16} aria-hidden />
            <input
              type="file"
              accept={ACCEPT[kind]}
              aria-label={`Replace ${name}`}
              className="sr-only"
              onChange={(event) => {
                const chosen = event.target.files?.[0];
                event.target.value = '';
                if (chosen) onReplace(chosen);
              }}
            />
          </label>
          <a
            href={`${url}?download=1`}
            download
            aria-label={`Download ${name}`}
            title="Download"
            className={iconClass()}
          >
            <Download size={16} aria-hidden />
          </a>
          <IconButton icon={Trash2} label={`Delete ${name}`} title="Delete" onClick={onDelete} />
        </div>
      </div>
    </li>
  );
}
