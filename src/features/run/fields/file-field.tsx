import { useQuery } from '@tanstack/react-query';
import { Camera, FileAudio, FileImage, FileVideo, Images, Upload } from 'lucide-react';
import { type ChangeEvent, useState } from 'react';
import { fieldWord } from '#src/domain/fields/field-words.ts';
import type { InputKind } from '#src/domain/files/input-kinds.ts';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import type { FormField } from './form-fields.ts';
import { useAddInput } from './use-add-input.ts';

const ACCEPT = { image: 'image/*', video: 'video/*', audio: 'audio/*' } as const;
const ICONS = { image: FileImage, video: FileVideo, audio: FileAudio } as const;
const SHOWN = 24;

const PRESSED = 'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent';

/** A picture, film or sound that the workflow uses: one of one's uploads, or a new one. */
export function FileField({ field, onSet }: { field: FormField; onSet: (name: string) => void }) {
  const { label, media, typed, why } = field;
  const word = fieldWord(field).toLowerCase();
  const [isOpen, setIsOpen] = useState(false);
  const adding = useAddInput();
  const choose = (name: string): void => {
    onSet(name);
    setIsOpen(false);
  };
  const uploads = useUploads(media);
  const chosen = uploads.find(({ name }) => name === typed);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file) void adding.add(file, choose);
  };
  const accept = media === null ? Object.values(ACCEPT).join(',') : ACCEPT[media];
  const isMissing = why !== null;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-13 font-semibold">{label}</legend>
      <div className="flex items-center gap-3">
        <Thumbnail kind={media ?? 'image'} url={chosen?.thumbUrl ?? null} isEmpty={isMissing} />
        <div className="flex min-w-0 grow flex-col gap-1.5">
          <span role="status" className={join('truncate', isMissing && 'text-quiet')}>
            {adding.state.type === 'adding' ? `Adding ${adding.state.name}` : isMissing ? why : typed}
          </span>
          <div className="flex flex-wrap gap-2">
            <label className={buttonClass('plain', PRESSED)}>
              <Upload size={16} aria-hidden />
              Upload
              <input
                type="file"
                accept={accept}
                aria-label={`Upload ${word} for ${label}`}
                className="sr-only"
                onChange={take}
              />
            </label>
            {media === 'image' && (
              <label className={buttonClass('plain', `pointer-fine:hidden ${PRESSED}`)}>
                <Camera size={16} aria-hidden />
                Camera
                <input
                  type="file"
                  accept={accept}
                  capture="environment"
                  aria-label={`Take a ${word} for ${label}`}
                  className="sr-only"
                  onChange={take}
                />
              </label>
            )}
            {uploads.length > 0 && (
              <Button icon={Images} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
                My uploads
              </Button>
            )}
          </div>
        </div>
      </div>
      {isOpen && (
        <ul
          aria-label={`My uploads for ${label}`}
          className="grid max-h-56 grid-cols-3 gap-2 overflow-y-auto rounded border border-line p-2 sm:grid-cols-4"
        >
          {uploads.map(({ id, name, kind, thumbUrl }) => (
            <li key={id}>
              <button
                type="button"
                aria-pressed={name === typed}
                onClick={() => choose(name)}
                className="flex w-full flex-col gap-1 rounded p-1 text-12 hover:bg-raised aria-pressed:bg-raised aria-pressed:outline-2 aria-pressed:outline-accent"
              >
                <Thumbnail kind={kind} url={thumbUrl} isFull />
                <span className="w-full truncate">{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding.state.type === 'refused' && (
        <p role="alert" className="text-failed">
          {adding.state.why}
        </p>
      )}
    </fieldset>
  );
}

/** The newest of one's uploads that such a field can use. */
function useUploads(media: InputKind | null) {
  const list = useQuery(useTRPC().inputs.list.queryOptions({ limit: SHOWN, ...(media !== null && { kind: media }) }));
  return list.data?.items ?? [];
}

type ThumbnailProps = { kind: InputKind; url: string | null; isEmpty?: boolean; isFull?: boolean };

function Thumbnail({ kind, url, isEmpty = false, isFull = false }: ThumbnailProps) {
  const Icon = ICONS[kind];
  return (
    <span
      className={join(
        'flex aspect-4/3 shrink-0 items-center justify-center overflow-hidden rounded bg-page text-quiet',
        isFull ? 'w-full' : 'w-24',
        isEmpty && 'border border-dashed border-edge',
      )}
    >
      {url === null || isEmpty ? (
        <Icon size={20} aria-hidden />
      ) : (
        // biome-ignore lint/performance/noImgElement: thumbnails come ready-made from our own server
        <img src={url} alt="" className="size-full object-contain" />
      )}
    </span>
  );
}
