import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextArea } from '#src/ui/forms/field.tsx';
import type { Submissions } from '../jobs/submissions.ts';
import { Choice } from './choice.tsx';
import { FilePicker } from './file-picker.tsx';
import { MissingFiles } from './missing-files.tsx';
import { QueueNote } from './queue-note.tsx';
import { readWorkflowFile, type WorkflowFile } from './read-workflow.ts';
import { fetchSampleGraph, fetchSamples, fillSample, promptOf, randomSeed, type Sample } from './samples.ts';
import { SentWithWarnings } from './sent-with-warnings.tsx';
import { useMissingFiles } from './use-missing-files.ts';
import { type Run, useRun } from './use-run.ts';

type RunDialogProps = {
  /** A workflow file that was dropped on the page or chosen. */
  file: File | null;
  onFile: (file: File | null) => void;
  sending: Submissions;
  onClose: () => void;
};

export function RunDialog({ file, onFile, sending, onClose }: RunDialogProps) {
  const run = useRun(sending, onClose);
  return (
    <Dialog wide title="Run a workflow" onClose={onClose}>
      {run.warnings.length > 0 ? (
        <SentWithWarnings warnings={run.warnings} onClose={onClose} />
      ) : file ? (
        <FileForm key={`${file.name} ${file.lastModified}`} file={file} onFile={onFile} run={run} />
      ) : (
        <div className="flex flex-col gap-6">
          <SampleForm run={run} />
          <section aria-label="Your own workflow" className="flex flex-col gap-2">
            <h3 className="font-semibold">Or your own</h3>
            <FilePicker onFile={onFile} />
          </section>
        </div>
      )}
    </Dialog>
  );
}

function SampleForm({ run }: { run: Run }) {
  const samples = useQuery({ queryKey: ['samples'], queryFn: fetchSamples });
  const [chosenId, setChosenId] = useStored('comfyume.sample', '');
  if (samples.isError) return <p role="alert">The samples could not be read. Close this and try again.</p>;
  if (!samples.data) return <div className="h-56" />;
  const chosen = samples.data.find(({ id }) => id === chosenId) ?? samples.data[0];
  return (
    <div className="flex flex-col gap-4">
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-2 font-semibold">Samples</legend>
        {samples.data.map((sample) => (
          <Choice
            key={sample.id}
            name="sample"
            title={sample.title}
            detail={sample.makes}
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
  // Input survives closing the dialog; an emptied field gets the sample's prompt again.
  const [draft, setDraft] = useStored(`comfyume.draft.${sample.id}`, '');
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (draft || (graph.data ? promptOf(graph.data, sample) : ''));

  const start = (): void => {
    if (graph.data) void run.run({ title: sample.title, prompt: fillSample(graph.data, sample, text, randomSeed()) });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    start();
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
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
      <RunRow why={run.why}>
        <Button type="submit" tone="accent" icon={Play} disabled={!graph.data} aria-disabled={run.isSending}>
          Run
        </Button>
      </RunRow>
    </form>
  );
}

/** Buttons, and beside them the state of the queue, or why the job was rejected. */
function RunRow({ why, children }: { why: string | null; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
      <div className="min-w-0 grow basis-60">
        <p role="alert" className="text-failed empty:hidden">
          {why}
        </p>
        {why === null && <QueueNote />}
      </div>
      {children}
    </div>
  );
}

type FileFormProps = { file: File; onFile: (file: File | null) => void; run: Run };

function FileForm({ file, onFile, run }: FileFormProps) {
  const [readAs] = useState(() => `${file.name} ${file.size} ${file.lastModified}`);
  const read = useQuery({ queryKey: ['workflow-file', readAs], queryFn: () => readWorkflowFile(file), gcTime: 0 });
  if (!read.data)
    return <p role="status">{read.isError ? `${file.name} could not be read.` : `Reading ${file.name}`}</p>;
  const workflow = read.data;
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h3 className="text-15 font-semibold">{file.name}</h3>
        {workflow.ok ? (
          <p className="text-quiet">Workflow in API format, {counted(Object.keys(workflow.prompt).length, 'node')}</p>
        ) : (
          <p role="alert" className="mt-1">
            {workflow.why}
          </p>
        )}
      </div>
      {workflow.ok ? (
        <ReadyForm title={file.name.replace(/\.json$/i, '')} workflow={workflow} onFile={onFile} run={run} />
      ) : (
        <>
          <FilePicker onFile={onFile} />
          <Button className="self-end" onClick={() => onFile(null)}>
            Show the samples
          </Button>
        </>
      )}
    </div>
  );
}

type ReadyFormProps = {
  title: string;
  workflow: Extract<WorkflowFile, { ok: true }>;
  onFile: (file: File | null) => void;
  run: Run;
};

/** A valid workflow: its missing files, and Run. */
function ReadyForm({ title, workflow, onFile, run }: ReadyFormProps) {
  const { isAsking, missing, add, filled } = useMissingFiles(workflow.prompt);
  const isReady =
    !isAsking && missing.every(({ certain, state }) => state.type === 'added' || !(certain || state.type === 'adding'));
  const start = (): void =>
    void run.run({ title, prompt: filled(), ...(workflow.workflow && { workflow: workflow.workflow }) });
  return (
    <>
      {missing.length > 0 && <MissingFiles files={missing} onAdd={add} onWorkflow={onFile} />}
      <RunRow why={run.why}>
        <Button onClick={() => onFile(null)}>Show the samples</Button>
        <Button tone="accent" icon={Play} disabled={!isReady} aria-disabled={run.isSending} onClick={start}>
          Run
        </Button>
      </RunRow>
    </>
  );
}
