import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { takeFocus } from '#src/ui/dialogs/take-focus.ts';
import { TextArea } from '#src/ui/forms/field.tsx';
import { RunRow, useAcceptsJobs } from './run-row.tsx';
import { SampleCard } from './sample-card.tsx';
import { fetchSampleGraph, fetchSamples, fillSample, promptOf, randomSeed, type Sample } from './samples.ts';
import type { Run } from './use-run.ts';

const SAMPLE_GRID = 'grid grid-cols-2 gap-2 sm:grid-cols-4';

export function SampleForm({ run }: { run: Run }) {
  const samples = useQuery({ queryKey: ['samples'], queryFn: fetchSamples });
  const [chosenId, setChosenId] = useStored('comfyume.sample', '');
  const list = useRef<HTMLFieldSetElement>(null);
  const isHere = samples.data !== undefined;
  useEffect(() => {
    if (isHere) takeFocus(list.current?.querySelector<HTMLInputElement>(':checked'));
  }, [isHere]);
  if (samples.isError) return <p role="alert">The samples could not be read. Close this and try again.</p>;
  if (!samples.data)
    return (
      <div aria-busy className={SAMPLE_GRID}>
        {['a', 'b', 'c', 'd'].map((place) => (
          <div key={place} className="h-44 rounded bg-raised" />
        ))}
      </div>
    );
  const chosen = samples.data.find(({ id }) => id === chosenId) ?? samples.data[0];
  return (
    <div className="flex flex-col gap-4">
      <fieldset ref={list} className={SAMPLE_GRID}>
        <legend className="mb-2 font-semibold">Samples</legend>
        {samples.data.map((sample) => (
          <SampleCard
            key={sample.id}
            sample={sample}
            checked={sample === chosen}
            onChoose={() => setChosenId(sample.id)}
          />
        ))}
      </fieldset>
      {chosen && <PromptForm key={chosen.id} sample={chosen} run={run} />}
    </div>
  );
}

function PromptForm({ sample, run }: { sample: Sample; run: Run }) {
  const graph = useQuery({ queryKey: ['sample', sample.file], queryFn: () => fetchSampleGraph(sample.file) });
  const isOpen = useAcceptsJobs();
  // Input survives closing the dialog; an emptied field gets the sample's prompt again.
  const [draft, setDraft] = useStored(`comfyume.draft.${sample.id}`, '');
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (draft || (graph.data ? promptOf(graph.data, sample) : ''));

  const start = (): void => {
    if (graph.data && isOpen)
      void run.run({ title: sample.title, prompt: fillSample(graph.data, sample, text, randomSeed()) });
  };
  return (
    <div className="flex flex-col gap-3">
      {sample.prompt && (
        <TextArea
          label="Prompt"
          rows={3}
          value={text}
          onChange={(event) => {
            setTyped(event.target.value);
            setDraft(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start();
          }}
        />
      )}
      {graph.isError && <p role="alert">This sample could not be read. Close this and try again.</p>}
      <RunRow run={run} isReady={graph.data !== undefined} onRun={start} />
    </div>
  );
}
