import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, FileUp, Minus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import { graphToGive } from '#src/domain/workflow/graph-json.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useFileDrop } from '../run/use-file-drop.ts';
import { pictureData } from './picture-data.ts';
import { formsOf, joined, type WorkflowForms } from './workflow-files.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const SHOWN_OF_WALL = { limit: 12 };
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** From files, or from a job of the class. */
export function AddWorkflow({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const wall = useQuery(trpc.wall.list.queryOptions(SHOWN_OF_WALL));
  const [forms, setForms] = useState<WorkflowForms | null>(null);
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  /** Of the result that the workflow is taken from. */
  const [sample, setSample] = useState<string | null>(null);
  const add = useMutation(
    trpc.admin.workflows.add.mutationOptions({
      onSuccess: ({ id }) => {
        if (sample !== null) void keepPicture(id, sample);
        onClose();
      },
    }),
  );

  async function keepPicture(id: string, thumbUrl: string): Promise<void> {
    try {
      const picture = await pictureData(await (await fetch(thumbUrl)).blob());
      await client.admin.workflows.setPicture.mutate({ id, picture });
    } catch {
      notifyFailure('The workflow was added without a sample picture. Choose one under Set up.');
    }
  }
  function show(next: WorkflowForms): void {
    setForms(next);
    if (name.trim() === '' || name === forms?.name) setName(next.name);
  }
  async function readFiles(files: readonly File[]): Promise<void> {
    setFault(null);
    add.reset();
    setSample(null);
    let all = forms;
    for (const file of files) {
      const read =
        file.size > MAX_BYTES
          ? `${file.name} is larger than 8 MB, the limit for a workflow.`
          : formsOf(file.name, await file.text());
      if (typeof read === 'string') setFault(read);
      else all = joined(all, read);
    }
    if (all) show(all);
  }
  async function readResult(resultId: string): Promise<void> {
    setFault(null);
    add.reset();
    try {
      const { job, result } = await client.results.get.query({ id: resultId });
      const { prompt, workflow, exactPrompt, exactWorkflow } = await client.jobs.graph.query({ id: job.id });
      const text = `{"prompt":${exactJson(prompt, exactPrompt)},"workflow":${exactJson(workflow, exactWorkflow)}}`;
      const read = formsOf(`${job.title}.json`, text);
      if (typeof read === 'string' || read.workflow === null)
        setFault('This job was sent without the editor’s workflow, so ComfyUI tabs cannot open it.');
      else {
        show(read);
        setSample(result.thumbUrl);
      }
    } catch (error) {
      setFault(failureOf(error).sentence);
    }
  }
  const isOver = useFileDrop((files) => void readFiles(files), true);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (forms?.workflow)
      add.mutate({
        name: name.trim(),
        workflow: graphToGive(forms.workflow),
        prompt: graphToGive(forms.prompt),
      });
  };
  const pictures = wall.data?.items.filter(({ thumbUrl }) => thumbUrl !== null) ?? [];

  return (
    <Dialog title="Add a workflow" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label
          className={`flex cursor-pointer flex-col items-center gap-1 rounded border border-dashed border-edge p-4 text-center transition-colors hover:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-accent ${isOver ? 'bg-raised' : ''}`}
        >
          <FileUp size={20} aria-hidden className="text-quiet" />
          <span className="font-semibold">Choose files or drop them anywhere</span>
          <span className="text-quiet">
            Editor format (Workflow, Save). Add the API format (Workflow, Export (API)) so that the class can run it
            from the gallery, and for warm-up jobs.
          </span>
          <input
            type="file"
            multiple
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              const files = [...(event.target.files ?? [])];
              event.target.value = '';
              void readFiles(files);
            }}
          />
        </label>
        <div className="flex items-end gap-2">
          <div className="grow">
            <TextField
              label="Or from a result"
              placeholder="Result link"
              value={address}
              autoComplete="off"
              onChange={(event) => setAddress(event.target.value)}
            />
          </div>
          <Button
            className="min-h-9.5"
            disabled={!UUID.test(address)}
            onClick={() => void readResult(UUID.exec(address)?.[0] ?? '')}
          >
            Use
          </Button>
        </div>
        {pictures.length > 0 && (
          <ul aria-label="Or from the wall" className="flex gap-2 overflow-x-auto pb-1">
            {pictures.map(({ id, thumbUrl, name: owner }) => (
              <li key={id} className="shrink-0">
                <button
                  type="button"
                  aria-label={
                    owner === null ? 'Use the workflow of this result' : `Use the workflow of ${owner}’s result`
                  }
                  onClick={() => void readResult(id)}
                  className="block overflow-hidden rounded bg-raised"
                >
                  {/* biome-ignore lint/performance/noImgElement: thumbnails come ready-made from our own server */}
                  <img src={thumbUrl ?? ''} alt="" className="h-16 w-auto" />
                </button>
              </li>
            ))}
          </ul>
        )}
        {forms && (
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            <Form name="Editor format" has={forms.workflow !== null} />
            <Form name="API format" has={forms.prompt !== null} />
          </div>
        )}
        {forms && forms.workflow === null && (
          <p className="text-quiet">
            The editor’s form is missing: in ComfyUI choose Workflow, Save, and add that file too.
          </p>
        )}
        <TextField
          label="Name"
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <p role="alert" className="text-failed empty:hidden">
          {fault ?? (add.isError ? failureOf(add.error).sentence : null)}
        </p>
        <Button
          type="submit"
          tone="accent"
          className="self-end"
          disabled={!forms?.workflow || name.trim() === '' || add.isPending}
        >
          Add
        </Button>
      </form>
    </Dialog>
  );
}

function Form({ name, has }: { name: string; has: boolean }) {
  return (
    <StatusLabel icon={has ? Check : Minus} iconClass={has ? 'text-done' : 'text-quiet'}>
      {`${name}: ${has ? 'added' : 'missing'}`}
    </StatusLabel>
  );
}
