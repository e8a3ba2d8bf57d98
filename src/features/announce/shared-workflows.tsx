import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Clapperboard, Download, FilePlus2, MonitorPlay, SlidersHorizontal, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { MoveButtons, useMoves } from '#src/ui/tables/move-buttons.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useDelayedDelete } from '../undo/use-delayed-delete.ts';
import { saveWorkflow } from './save-workflow.ts';

const AddWorkflow = dynamic(() => loadPart(() => import('./add-workflow.tsx')).then((file) => file.AddWorkflow), {
  ssr: false,
});

const WorkflowSetup = dynamic(() => loadPart(() => import('./workflow-setup.tsx')).then((file) => file.WorkflowSetup), {
  ssr: false,
});

const COLUMNS = [
  { name: 'Picture', hidden: true },
  { name: 'Name' },
  { name: 'What it makes' },
  { name: 'Runs in' },
  { name: 'For the class' },
  { name: 'Added' },
  { name: 'Order', hidden: true },
  { name: 'Actions', hidden: true },
];

/** Workflows for the class: offered in the Run dialog and the ComfyUI tabs, opened for all at once, and what GPUs are warmed with. */
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
  const order = useMutation(trpc.admin.workflows.order.mutationOptions({ onSettled: read, onError }));
  const shown = workflows.data?.filter(({ id }) => !gone.has(id));
  const ids = shown?.map(({ id }) => id) ?? [];
  const move = useMoves(ids, (next) => {
    queryClient.setQueryData(
      trpc.admin.workflows.list.queryKey(),
      next.flatMap((id) => workflows.data?.find((one) => one.id === id) ?? []),
    );
    order.mutate({ ids: [...next] });
  });
  const [setUpId, setSetUpId] = useState<string | null>(null);
  const setUp = shown?.find(({ id }) => id === setUpId);

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
        <p className="text-quiet">No workflows yet. What you add here is offered under Run and in every ComfyUI tab.</p>
      )}
      {shown && shown.length > 0 && (
        <Table label="Workflows for the class" columns={COLUMNS}>
          {shown.map(({ id, name, canRun, offered, createdAt, makes, pictureUrl }) => (
            <tr key={id}>
              <Cell>
                <span className="my-1 flex aspect-video w-14 items-center justify-center overflow-hidden rounded bg-page text-quiet">
                  {pictureUrl === null ? (
                    <Clapperboard size={16} aria-hidden />
                  ) : (
                    // biome-ignore lint/performance/noImgElement: a small file of ours
                    <img src={pictureUrl} alt="" className="size-full object-contain" />
                  )}
                </span>
              </Cell>
              <Cell>{name}</Cell>
              <Cell>
                <span className="block max-w-60 truncate text-quiet">{makes ?? '—'}</span>
              </Cell>
              <Cell>
                <span className="text-quiet">{canRun ? 'Gallery and ComfyUI' : 'ComfyUI only'}</span>
              </Cell>
              <Cell>
                <label className="inline-flex min-h-8 items-center gap-2 pointer-coarse:min-h-10">
                  <input
                    type="checkbox"
                    checked={offered}
                    disabled={setOffered.isPending}
                    aria-label={`Offer ${name}`}
                    className="size-4 accent-accent"
                    onChange={() => setOffered.mutate({ id, offered: !offered })}
                  />
                  {offered ? 'Offered' : 'Hidden'}
                </label>
              </Cell>
              <Cell>
                <span className="text-quiet tabular-nums">
                  {new Date(createdAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}
                </span>
              </Cell>
              <Cell>{shown.length > 1 && <MoveButtons id={id} name={name} ids={ids} onMove={move} />}</Cell>
              <Cell figures>
                <span className="inline-flex items-center gap-1">
                  <Button
                    tone="quiet"
                    icon={SlidersHorizontal}
                    aria-label={`Set up ${name}`}
                    onClick={() => setSetUpId(id)}
                  >
                    Set up
                  </Button>
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
      {setUp && <WorkflowSetup workflow={setUp} onClose={() => setSetUpId(null)} />}
      {adding && <AddWorkflow onClose={() => setAdding(false)} />}
    </section>
  );
}
