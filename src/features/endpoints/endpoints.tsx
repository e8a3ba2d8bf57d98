import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { MoveButtons, useMoves } from '#src/ui/tables/move-buttons.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { EndpointGpus, EndpointState } from './endpoint-state.tsx';
import { isNew } from './endpoint-words.ts';
import { StartBars } from './start-bars.tsx';
import { useEndpoints } from './use-endpoints.ts';

const EndpointDialog = dynamic(() =>
  loadPart(() => import('./endpoint-dialog.tsx')).then((module) => module.EndpointDialog),
);
const EndpointForm = dynamic(() => loadPart(() => import('./endpoint-form.tsx')).then((module) => module.EndpointForm));

const columns = (currency: string) => [
  { name: 'Name' },
  { name: 'State' },
  { name: 'GPUs' },
  { name: 'Running', figures: true },
  { name: 'Capacity', figures: true },
  { name: 'GPU' },
  { name: `${currency}/h`, figures: true },
  { name: 'Starts' },
  { name: 'Order', hidden: true },
  { name: 'Actions', hidden: true },
];

type Shown = { readonly type: 'new' } | { readonly type: 'one'; readonly id: string };

export function Endpoints() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { endpoints, settings } = useEndpoints();
  const [shown, setShown] = useState<Shown | null>(null);
  const outcome = {
    onSettled: () => queryClient.invalidateQueries(trpc.admin.endpoints.list.queryFilter()),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const setEnabled = useMutation(trpc.admin.endpoints.setEnabled.mutationOptions(outcome));
  const open = useMutation(trpc.admin.endpoints.open.mutationOptions(outcome));
  const order = useMutation(trpc.admin.endpoints.order.mutationOptions(outcome));
  const list = endpoints.data;
  const ids = list?.map(({ id }) => id) ?? [];
  const hasOrder = list?.some(({ place }) => place !== list[0]?.place) ?? false;

  const move = useMoves(ids, (next) => {
    if (!list) return;
    queryClient.setQueryData(
      trpc.admin.endpoints.list.queryKey(),
      next.flatMap((id, place) => list.filter((endpoint) => endpoint.id === id).map((found) => ({ ...found, place }))),
    );
    order.mutate({ ids: [...next] });
  });

  const one = shown?.type === 'one' ? list?.find(({ id }) => id === shown.id) : undefined;
  return (
    <section aria-labelledby="endpoints" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p id="endpoints" className="text-quiet">
          {sentence(hasOrder, settings.data?.spotFirst ?? false)}
        </p>
        <span className="ml-auto flex gap-2">
          {hasOrder && (
            <Button tone="quiet" disabled={order.isPending} onClick={() => order.mutate({ ids: [] })}>
              Distribute evenly
            </Button>
          )}
          <Button icon={Plus} onClick={() => setShown({ type: 'new' })}>
            Add an endpoint
          </Button>
        </span>
      </div>
      {endpoints.isError && <p role="alert">{failureOf(endpoints.error).sentence}</p>}
      {endpoints.isPending && <div aria-hidden className="h-24 animate-pulse-quiet rounded bg-panel" />}
      {list?.length === 0 && <p>No endpoints. Jobs wait until one is added.</p>}
      {list && list.length > 0 && (
        <Table label="Endpoints" columns={columns(settings.data?.currency ?? '')}>
          {list.map((endpoint) => (
            <tr key={endpoint.id}>
              <Cell>
                <button
                  type="button"
                  title={`${endpoint.name}, ${endpoint.url}`}
                  className="block min-h-8 max-w-[24ch] truncate font-semibold underline decoration-line underline-offset-4 hover:decoration-text pointer-coarse:min-h-10"
                  onClick={() => setShown({ type: 'one', id: endpoint.id })}
                >
                  {endpoint.name}
                </button>
              </Cell>
              <Cell>
                <EndpointState {...endpoint} />
              </Cell>
              <Cell>
                <EndpointGpus endpoint={endpoint} />
              </Cell>
              <Cell figures>{endpoint.inFlight}</Cell>
              <Cell figures>{endpoint.capacity}</Cell>
              <Cell>{[endpoint.gpu, endpoint.pricing].filter(Boolean).join(', ')}</Cell>
              <Cell figures>{endpoint.pricePerHour?.toFixed(2) ?? '—'}</Cell>
              <Cell>
                <StartBars starts={endpoint.starts} height={16} />
              </Cell>
              <Cell>
                {list.length > 1 && <MoveButtons id={endpoint.id} name={endpoint.name} ids={ids} onMove={move} />}
              </Cell>
              <Cell figures>
                {endpoint.enabled && (endpoint.restsUntil ?? endpoint.closedUntil) !== null && (
                  <Button
                    tone="quiet"
                    disabled={open.isPending}
                    aria-label={`Resume ${endpoint.name} now`}
                    onClick={() => open.mutate({ id: endpoint.id })}
                  >
                    Resume now
                  </Button>
                )}
                {isNew(endpoint) ? (
                  <Button
                    tone="quiet"
                    aria-label={`Test ${endpoint.name}`}
                    onClick={() => setShown({ type: 'one', id: endpoint.id })}
                  >
                    Test
                  </Button>
                ) : (
                  <Button
                    tone="quiet"
                    disabled={setEnabled.isPending}
                    aria-label={`${endpoint.enabled ? 'Disable' : 'Enable'} ${endpoint.name}`}
                    onClick={() => setEnabled.mutate({ id: endpoint.id, enabled: !endpoint.enabled })}
                  >
                    {endpoint.enabled ? 'Disable' : 'Enable'}
                  </Button>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {shown?.type === 'new' && (
        <EndpointForm endpoint={null} onSaved={(id) => setShown({ type: 'one', id })} onClose={() => setShown(null)} />
      )}
      {one && <EndpointDialog endpoint={one} onClose={() => setShown(null)} />}
    </section>
  );
}

function sentence(hasOrder: boolean, spotFirst: boolean): string {
  const spot = spotFirst ? 'Spot GPUs first; then j' : 'J';
  return `${spot}obs go to ${hasOrder ? 'the first endpoint in this list with free capacity' : 'the endpoint with the most free capacity'}.`;
}
