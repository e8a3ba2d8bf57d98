import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ago } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { failureOf } from '../../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../../api-client/trpc.ts';
import type { RunWith } from '../../results/actions/run-with.ts';
import { FilePicker } from '../file-picker.tsx';
import type { Run } from '../use-run.ts';
import { PlaceForm } from './place-form.tsx';
import { type PlaceToUse, readPlace, samplesFor } from './read-place.ts';

type GivenFormProps = { given: RunWith; onFile: (file: File) => void; run: Run };

const NOUNS = { image: 'picture', video: 'film', audio: 'sound' } as const;

/** An upload, and the workflows that it can be used in. */
export function GivenForm({ given: { inputName, media }, onFile, run }: GivenFormProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [chosen, setChosen] = useState<PlaceToUse | null>(null);
  const found = useQuery(trpc.inputs.list.queryOptions({ kind: media, words: inputName, limit: 20 })).data?.items;
  const thumbUrl = found?.find(({ name }) => name === inputName)?.thumbUrl;
  const places = useQuery(trpc.inputs.places.queryOptions({ kind: media }, { staleTime: 0 }));
  const samples = useQuery({ queryKey: ['samples-for', media], queryFn: () => samplesFor(media) });
  const graph = useQuery({
    queryKey: ['place', chosen?.type, chosen?.id],
    queryFn: () => (chosen ? readPlace(client, chosen) : null),
    enabled: chosen !== null,
    gcTime: 0,
  });
  const groups: { name: string; items: (PlaceToUse & { note?: string })[] }[] = [
    {
      name: 'Your recent workflows',
      items: (places.data?.jobs ?? []).map(({ id, title, createdAt }) => ({
        type: 'job',
        id,
        title,
        note: ago(new Date(createdAt), new Date()),
      })),
    },
    {
      name: 'Class workflows',
      items: (places.data?.workflows ?? []).map(({ id, name }) => ({ type: 'workflow', id, title: name })),
    },
    { name: 'Samples', items: samples.data ?? [] },
  ];
  const isEmpty = places.isSuccess && !samples.isPending && groups.every(({ items }) => items.length === 0);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        {thumbUrl && (
          // biome-ignore lint/performance/noImgElement: the server makes it
          <img src={thumbUrl} alt="" className="size-16 shrink-0 rounded bg-page object-contain" />
        )}
        <p className="min-w-0 wrap-anywhere">
          <span className="block font-semibold">{inputName}</span>
          <span className="text-quiet">is in your Inputs. Choose a workflow to use this {NOUNS[media]} in.</span>
        </p>
      </div>
      {chosen && graph.data ? (
        <PlaceForm
          key={chosen.id}
          title={chosen.title}
          graph={graph.data}
          inputName={inputName}
          media={media}
          run={run}
          onBack={() => setChosen(null)}
        />
      ) : (
        <>
          {groups.map(({ name, items }) => items.length > 0 && <Places key={name} {...{ name, items, setChosen }} />)}
          {(places.isPending || (chosen && graph.isPending)) && <p role="status">Loading workflows</p>}
          {[places.error, graph.error].map(
            (error) =>
              error && (
                <p key={error.message} role="alert" className="text-failed">
                  {failureOf(error).sentence}
                </p>
              ),
          )}
          {isEmpty && (
            <p>{`None of your workflows loads a ${NOUNS[media]} yet. Add one that does; it is offered here from then on.`}</p>
          )}
          <FilePicker onFile={onFile} />
        </>
      )}
    </div>
  );
}

type PlacesProps = {
  name: string;
  items: readonly (PlaceToUse & { readonly note?: string })[];
  setChosen: (place: PlaceToUse) => void;
};

function Places({ name, items, setChosen }: PlacesProps) {
  return (
    <section aria-label={name} className="flex flex-col gap-2">
      <h3 className="font-semibold">{name}</h3>
      <ul className="grid gap-2 sm:grid-cols-2">
        {items.map((place) => (
          <li key={place.id} className="min-w-0">
            <Button onClick={() => setChosen(place)} className="w-full justify-between gap-3">
              <span className="truncate">{place.title}</span>
              <span className="shrink-0 font-normal text-quiet">{place.note}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
