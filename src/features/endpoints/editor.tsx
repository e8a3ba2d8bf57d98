import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { inferOutput } from '@trpc/tanstack-react-query';
import { CircleAlert, CircleCheck, CircleDashed, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { ago } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { editorNotes, refreshWords } from './editor-words.ts';
import { useEndpoints } from './use-endpoints.ts';

type Editor = inferOutput<ReturnType<typeof useTRPC>['admin']['frontEnds']['list']>['endpoints'][number];

const LOOK_AGAIN_MS = { running: 1000, idle: 15_000 };
const COLUMNS = [
  { name: 'Endpoint' },
  { name: 'State' },
  { name: 'ComfyUI' },
  { name: 'Front end' },
  { name: 'Node classes', figures: true },
  { name: 'Updated', figures: true },
  { name: 'Actions', hidden: true },
];

/** Where the page of ComfyUI comes from that participants open while no GPU runs. */
export function EditorCache() {
  const trpc = useTRPC();
  const now = useNow();
  const [asked, setAsked] = useState<Editor | null>(null);
  const list = useQuery(
    trpc.admin.frontEnds.list.queryOptions(undefined, {
      refetchInterval: ({ state }) =>
        state.data?.endpoints.some(({ isRunning }) => isRunning) ? LOOK_AGAIN_MS.running : LOOK_AGAIN_MS.idle,
    }),
  );
  if (!list.data || list.data.endpoints.length === 0) return null;
  const { given, endpoints } = list.data;
  const notes = endpoints.flatMap(editorNotes);
  return (
    <section aria-labelledby="editor" className="flex flex-col gap-3">
      <h2 id="editor" className="text-15 font-semibold">
        ComfyUI editor
      </h2>
      <p className="text-quiet text-pretty">
        What participants open while no GPU runs. It is read from a worker while a job runs there.
      </p>
      {given && (
        <p>
          <StatusLabel
            icon={given.isFit ? CircleCheck : CircleAlert}
            iconClass={given.isFit ? 'text-done' : 'text-accent'}
          >
            {given.sentence}
          </StatusLabel>
        </p>
      )}
      <Table label="ComfyUI editor" columns={COLUMNS}>
        {endpoints.map((editor) => (
          <tr key={editor.id}>
            <Cell>{editor.name}</Cell>
            <Cell>
              <EditorState editor={editor} />
            </Cell>
            <Cell>{editor.kept?.versions.comfyui ?? '—'}</Cell>
            <Cell>{editor.kept?.versions.frontEnd ?? editor.kept?.versions.requiredFrontEnd ?? '—'}</Cell>
            <Cell figures>{editor.kept?.classes ?? '—'}</Cell>
            <Cell figures>{editor.kept ? ago(new Date(editor.kept.capturedAt), new Date(now)) : 'Never'}</Cell>
            <Cell figures>
              <Button
                tone="quiet"
                disabled={editor.isRunning}
                aria-label={`Refresh ${editor.name} from workers`}
                onClick={() => setAsked(editor)}
              >
                Refresh from workers
              </Button>
            </Cell>
          </tr>
        ))}
      </Table>
      {notes.length > 0 && (
        <ul className="flex flex-col gap-1 text-pretty">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {asked && <RefreshDialog editor={asked} onClose={() => setAsked(null)} />}
    </section>
  );
}

function EditorState({ editor: { isRunning, isPrimary, kept, failure } }: { editor: Editor }) {
  if (isRunning)
    return (
      <StatusLabel icon={Hourglass} iconClass="text-waking">
        Reading
      </StatusLabel>
    );
  if (failure)
    return (
      <StatusLabel icon={CircleAlert} iconClass="text-failed">
        {kept ? 'Not updated' : 'Not read'}
      </StatusLabel>
    );
  if (!kept)
    return (
      <StatusLabel icon={CircleDashed} iconClass="text-quiet">
        Not read yet
      </StatusLabel>
    );
  return (
    <StatusLabel icon={CircleCheck} iconClass="text-done">
      {isPrimary ? 'Page and nodes' : 'Nodes only'}
    </StatusLabel>
  );
}

/** Says what it does and costs before it is done. */
function RefreshDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { endpoints, settings } = useEndpoints();
  const isWarm = endpoints.data?.find(({ id }) => id === editor.id)?.warmth.state === 'warm';
  const refresh = useMutation(
    trpc.admin.frontEnds.refresh.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.admin.frontEnds.list.queryFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  return (
    <Dialog title={`Refresh ${editor.name} from workers?`} onClose={onClose}>
      <p className="text-pretty">
        {refreshWords({ isWarm, pricePerHour: editor.pricePerHour, currency: settings.data?.currency ?? '' })}
      </p>
      <div className="mt-4 flex justify-end gap-2">
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button tone="accent" disabled={refresh.isPending} onClick={() => refresh.mutate({ id: editor.id })}>
          {refresh.isPending ? 'Starting' : 'Refresh'}
        </Button>
      </div>
    </Dialog>
  );
}
