import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, FilePlus2, MonitorPlay, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useDelayedDelete } from '../undo/use-delayed-delete.ts';
import { saveWorkflow } from './save-workflow.ts';

const AddWorkflow = dynamic(() => loadPart(() => import('./add-workflow.tsx')).then((file) => file.AddWorkflow), {
  ssr: false,
});

const COLUMNS = [
  { name: 'Name' },
  { name: 'Formats' },
  { name: 'In ComfyUI tabs' },
  { name: 'Added' },
  { name: 'Actions', hidden: true },
];

/** Workflows for the class: offered in the ComfyUI tabs, opened for all at once, and what GPUs are warmed with. */
export function SharedWorkflows({ openId }: { openId: string | null }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const { gone, take } = useDelayedDelete();
  const workflows = useQuery(trpc.admin.workflows.list.queryOptions());
  const read = () => queryClient.invalidateQueries(trpc.admin.workflows.pathFilter());
  const onError = (error: unknown): void => notifyFailure(failureOf(error).sentence);
  const setOffered = useMutation(trpc.admin.workflows.setOffered.mutationOptions({ onSettled: read, onError }));
  const open = useMutation(
    trpc.admin.announcement.openWorkflow.mutationOptions({
      onSuccess: () => notify('Every ComfyUI tab is opening it.'),
      onError,
    }),
  );
  const shown = workflows.data?.filter(({ id }) => !gone.has(id));

  return (
    <section aria-labelledby="handed-out" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="handed-out" className="text-15 font-semibold">
          Workflows for the class
        </h2>
        <Button icon={FilePlus2} onClick={() => setAdding(true)}>
          Add a workflow
        </Button>
      </div>
      {workflows.isError && <p role="alert">{failureOf(workflows.error).sentence}</p>}
      {workflows.isPending && <div aria-hidden className="h-24 rounded border border-line bg-panel" />}
      {shown?.length === 0 && (
        <p className="text-quiet">No workflows yet. What you add here can be opened in every ComfyUI tab.</p>
      )}
      {shown && shown.length > 0 && (
        <Table label="Workflows for the class" columns={COLUMNS}>
          {shown.map(({ id, name, canRun, offered, createdAt }) => (
            <tr key={id}>
              <Cell>{name}</Cell>
              <Cell>
                <span className="text-quiet">{canRun ? 'Editor and API' : 'Editor only'}</span>
              </Cell>
              <Cell>
                <label className="inline-flex min-h-8 items-center gap-2 pointer-coarse:min-h-10">
                  <input
                    type="checkbox"
                    checked={offered}
                    disabled={setOffered.isPending}
                    aria-label={`Show ${name}`}
                    className="size-4 accent-accent"
                    onChange={() => setOffered.mutate({ id, offered: !offered })}
                  />
                  {offered ? 'Shown' : 'Hidden'}
                </label>
              </Cell>
              <Cell>
                <span className="text-quiet tabular-nums">
                  {new Date(createdAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}
                </span>
              </Cell>
              <Cell figures>
                <span className="inline-flex items-center gap-1">
                  <Button
                    tone="quiet"
                    icon={MonitorPlay}
                    disabled={open.isPending}
                    aria-label={`${openId === id ? 'Open again' : 'Open'} ${name} for everyone`}
                    onClick={() => open.mutate({ id })}
                  >
                    {openId === id ? 'Open again' : 'Open for all'}
                  </Button>
                  <IconButton icon={Download} label={`Save ${name}`} onClick={() => void saveWorkflow(client, id)} />
                  <IconButton
                    icon={Trash2}
                    label={`Remove ${name}`}
                    onClick={() =>
                      take(id, `${name} removed.`, () => client.admin.workflows.remove.mutate({ id }).then(read))
                    }
                  />
                </span>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {adding && <AddWorkflow onClose={() => setAdding(false)} />}
    </section>
  );
}
