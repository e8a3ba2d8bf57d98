import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useVary } from '../versions/use-vary.ts';
import { FieldsForm } from './fields/fields-form.tsx';
import { useFields } from './fields/use-fields.ts';
import { QueueNote } from './queue-note.tsx';
import { apiWorkflow } from './read/read-workflow.ts';
import { useAcceptsJobs } from './run-row.tsx';

/** Makes a new version of a job: its values in a form, and Run. */
export function EditDialog({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const trpc = useTRPC();
  const job = useQuery(trpc.jobs.get.queryOptions({ id: jobId }));
  const graph = useQuery({
    ...trpc.jobs.graph.queryOptions({ id: jobId }),
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ prompt, exactPrompt }) => apiWorkflow.parse(parseGraphJson(exactJson(prompt, exactPrompt))).prompt,
  });
  const error = job.error ?? graph.error;
  const title = job.data?.title || 'Untitled';
  return (
    <Dialog wide title={`New version of ${title}`} onClose={onClose}>
      {error && <p role="alert">{failureOf(error).sentence}</p>}
      {!error && !(job.data && graph.data) && <div aria-busy className="h-60 rounded bg-raised" />}
      {job.data && graph.data && <EditForm job={{ id: jobId, title }} graph={graph.data} onClose={onClose} />}
    </Dialog>
  );
}

type EditFormProps = { job: { id: string; title: string }; graph: Graph; onClose: () => void };

function EditForm({ job, graph, onClose }: EditFormProps) {
  const { fields, toSend, isValid, set } = useFields(graph);
  const vary = useVary();
  const isOpen = useAcceptsJobs();
  const [isSending, setIsSending] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const canRun = isValid && isOpen;
  const run = async (version: { newSeeds?: boolean; count?: number }, queued: string): Promise<void> => {
    if (!canRun || isSending) return;
    setIsSending(true);
    const failure = await vary(job, { changes: toSend(), ...version }, queued);
    setIsSending(false);
    setWhy(failure);
    if (failure === null) onClose();
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void run({}, 'New version queued');
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run({}, 'New version queued');
      }}
    >
      <FieldsForm fields={fields} onSet={set} />
      <div className="sticky -bottom-4 -mx-4 -mb-4 flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t border-line bg-panel px-4 py-3">
        <div className="min-w-0 grow basis-60">
          <p role="alert" className="text-failed empty:hidden">
            {isOpen && why}
          </p>
          {(why === null || !isOpen) && <QueueNote />}
        </div>
        <Button
          disabled={!canRun}
          aria-disabled={isSending}
          onClick={() => void run({ newSeeds: true, count: 4 }, 'Four variations queued')}
        >
          Run ×4 with new seeds
        </Button>
        <Button type="submit" tone="accent" disabled={!canRun} aria-disabled={isSending}>
          Run
        </Button>
      </div>
    </form>
  );
}
