import { useMutation, useQuery } from '@tanstack/react-query';
import { Clapperboard, ImageUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { pictureData } from './picture-data.ts';

const SHOWN = 12;

type SamplePictureProps = {
  workflow: { readonly id: string; readonly name: string; readonly pictureUrl: string | null };
};

/** What the class sees beside the workflow: a file, or one of the operator's own results. */
export function SamplePicture({ workflow: { id, name, pictureUrl } }: SamplePictureProps) {
  const trpc = useTRPC();
  const results = useQuery(trpc.results.list.queryOptions({ limit: SHOWN }));
  const [why, setWhy] = useState<string | null>(null);
  const set = useMutation(
    trpc.admin.workflows.setPicture.mutationOptions({ onError: (error) => setWhy(failureOf(error).sentence) }),
  );
  const use = async (read: () => Promise<Blob>): Promise<void> => {
    setWhy(null);
    try {
      set.mutate({ id, picture: await pictureData(await read()) });
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error));
    }
  };
  const thumbs = results.data?.items.flatMap(({ id: resultId, filename, thumbUrl }) =>
    thumbUrl === null ? [] : [{ id: resultId, filename, thumbUrl }],
  );
  return (
    <section aria-label="Sample picture" className="flex flex-col gap-2">
      <h3 className="text-13 font-semibold">Sample picture</h3>
      <div className="flex items-center gap-3">
        <span className="flex aspect-video w-40 shrink-0 items-center justify-center overflow-hidden rounded bg-page text-quiet">
          {pictureUrl === null ? (
            <Clapperboard size={20} aria-hidden />
          ) : (
            // biome-ignore lint/performance/noImgElement: a small file of ours
            <img src={pictureUrl} alt={`What ${name} makes`} className="size-full object-contain" />
          )}
        </span>
        <div className="flex flex-wrap gap-2">
          <label
            className={buttonClass(
              'plain',
              'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent',
            )}
          >
            <ImageUp size={16} aria-hidden />
            Choose a picture
            <input
              type="file"
              accept="image/*"
              className="sr-only"
              onChange={(event) => {
                const file = event.target.files?.[0];
                event.target.value = '';
                if (file) void use(async () => file);
              }}
            />
          </label>
          {pictureUrl !== null && (
            <Button tone="quiet" icon={Trash2} onClick={() => set.mutate({ id, picture: null })}>
              Remove
            </Button>
          )}
        </div>
      </div>
      {thumbs && thumbs.length > 0 && (
        <ul aria-label="Or one of your results" className="flex gap-2 overflow-x-auto p-0.5 pb-1">
          {thumbs.map(({ id: resultId, filename, thumbUrl }) => (
            <li key={resultId} className="shrink-0">
              <button
                type="button"
                aria-label={`Use ${filename}`}
                className="block overflow-hidden rounded bg-raised"
                onClick={() => void use(async () => (await fetch(thumbUrl)).blob())}
              >
                {/* biome-ignore lint/performance/noImgElement: thumbnails come ready-made from our own server */}
                <img src={thumbUrl} alt="" className="h-14 w-auto" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <p role="alert" className="text-failed empty:hidden">
        {why}
      </p>
    </section>
  );
}
