import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ago } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import type { RunWith } from '../results/actions/run-with.ts';
import { FilePicker } from './file-picker.tsx';
import { OfferForm } from './offer-form.tsx';
import type { Offer } from './offers.ts';
import { PlaceForm } from './place-form.tsx';
import { readJobGraph, samplesFor } from './read-place.ts';
import { useOffers } from './use-offers.ts';
import type { Run } from './use-run.ts';

type GivenFormProps = { given: RunWith; onFile: (file: File) => void; run: Run };

const NOUNS = { image: 'picture', video: 'film', audio: 'sound' } as const;

type Job = { readonly id: string; readonly title: string; readonly createdAt: string };
type Chosen = { readonly job: Job } | { readonly offer: Exclude<Offer, { type: 'editor' }> };

const titleOf = (chosen: Chosen): string => ('job' in chosen ? chosen.job.title : chosen.offer.name);

/** An upload, and the workflows that it can be used in. */
export function GivenForm({ given, onFile, run }: GivenFormProps) {
  const { inputName, media } = given;
  const trpc = useTRPC();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const found = useQuery(trpc.inputs.list.queryOptions({ kind: media, words: inputName, limit: 20 })).data?.items;
  const thumbUrl = found?.find(({ name }) => name === inputName)?.thumbUrl;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        {thumbUrl && (
          // biome-ignore lint/performance/noImgElement: the server makes it
          <img src={thumbUrl} alt="" className="size-16 shrink-0 rounded bg-page object-contain" />
        )}
        <p className="min-w-0 grow wrap-anywhere">
          <span className="block font-semibold">{inputName}</span>
          <span className="text-quiet">
            {chosen === null ? `It is in your Inputs. Use this ${NOUNS[media]} in:` : titleOf(chosen)}
          </span>
        </p>
        {chosen !== null && (
          <Button tone="quiet" icon={ArrowLeft} onClick={() => setChosen(null)}>
            Other workflows
          </Button>
        )}
      </div>
      {chosen === null && <Places given={given} onChoose={setChosen} onFile={onFile} />}
      {chosen !== null && 'job' in chosen && <OfJob job={chosen.job} given={given} run={run} />}
      {chosen !== null && 'offer' in chosen && (
        <OfferForm key={chosen.offer.id} offer={chosen.offer} given={given} run={run} onFile={onFile} />
      )}
    </div>
  );
}

function OfJob({ job, given, run }: { job: Job; given: RunWith; run: Run }) {
  const client = useTRPCClient();
  const graph = useQuery({ queryKey: ['job-graph', job.id], queryFn: () => readJobGraph(client, job.id) });
  if (graph.isError) return <p role="alert">{failureOf(graph.error).sentence}</p>;
  if (!graph.data) return <div aria-busy className="h-40 rounded bg-raised" />;
  return <PlaceForm title={job.title} graph={graph.data} given={given} run={run} />;
}

type PlacesProps = { given: RunWith; onChoose: (chosen: Chosen) => void; onFile: (file: File) => void };

/** One's own recent workflows that take such a file, then those of the class, then samples. */
function Places({ given: { media }, onChoose, onFile }: PlacesProps) {
  const trpc = useTRPC();
  const places = useQuery(trpc.inputs.places.queryOptions({ kind: media }, { staleTime: 0 }));
  const { offers } = useOffers();
  const samples = useQuery({
    queryKey: ['samples-for', media],
    queryFn: () => samplesFor(offers ?? [], media),
    enabled: offers !== undefined,
  });
  if (places.isError) return <p role="alert">{failureOf(places.error).sentence}</p>;
  if (!places.data || !offers || samples.isPending) return <div aria-busy className="h-40 rounded bg-raised" />;
  const ofClass = new Set(places.data.workflows.map(({ id }) => id));
  const runnable = offers.flatMap((offer) => (offer.type === 'editor' ? [] : [offer]));
  const classOffers = runnable.filter((offer) => offer.type === 'class' && ofClass.has(offer.id));
  const sampleOffers = runnable.filter(({ id }) => samples.data?.has(id));
  const { jobs } = places.data;
  const isEmpty = jobs.length + classOffers.length + sampleOffers.length === 0;
  return (
    <>
      <PlaceList name="Your recent workflows">
        {jobs.map((job) => (
          <Place
            key={job.id}
            title={job.title}
            note={ago(new Date(job.createdAt), new Date())}
            onPress={() => onChoose({ job })}
          />
        ))}
      </PlaceList>
      <PlaceList name="Class workflows">
        {classOffers.map((offer) => (
          <Place key={offer.id} title={offer.name} note="" onPress={() => onChoose({ offer })} />
        ))}
      </PlaceList>
      <PlaceList name="Samples">
        {sampleOffers.map((offer) => (
          <Place key={offer.id} title={offer.name} note="" onPress={() => onChoose({ offer })} />
        ))}
      </PlaceList>
      {isEmpty && (
        <p>{`None of your workflows loads a ${NOUNS[media]} yet. Run one that does: from then on it is offered here.`}</p>
      )}
      <FilePicker onFile={onFile} />
    </>
  );
}

function PlaceList({ name, children }: { name: string; children: readonly ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section aria-label={name} className="flex flex-col gap-2">
      <h3 className="text-12 text-quiet">{name}</h3>
      <ul className="grid gap-2 sm:grid-cols-2">{children}</ul>
    </section>
  );
}

function Place({ title, note, onPress }: { title: string; note: string; onPress: () => void }) {
  return (
    <li className="min-w-0">
      <button
        type="button"
        onClick={onPress}
        className="flex min-h-10 w-full items-center justify-between gap-3 rounded border border-edge/60 bg-panel px-3 py-1 text-left hover:bg-raised"
      >
        <span className="truncate font-semibold">{title}</span>
        <span className="shrink-0 text-12 text-quiet">{note}</span>
      </button>
    </li>
  );
}
