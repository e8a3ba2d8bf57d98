import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleSlash, Moon } from 'lucide-react';
import { Button } from '#src/ui/button.tsx';
import { notifyFailure } from '#src/ui/notify.ts';
import { StateWord } from '#src/ui/state-word.tsx';
import { Cell, Table } from '#src/ui/table.tsx';
import { LOOK_AGAIN_MS } from '../queue/queue-panel.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';

const COLUMNS = [
  { name: 'Name' },
  { name: 'GPU' },
  { name: 'Pricing' },
  { name: 'In flight', figures: true },
  { name: 'Capacity', figures: true },
  { name: 'State' },
  { name: 'Actions', hidden: true },
];

export function Endpoints() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const endpoints = useQuery(trpc.admin.endpoints.list.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS }));
  const setEnabled = useMutation(
    trpc.admin.endpoints.setEnabled.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.endpoints.list.queryFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );

  return (
    <section aria-labelledby="endpoints" className="flex flex-col gap-3">
      <h2 id="endpoints" className="text-15 font-semibold">
        Endpoints
      </h2>
      {endpoints.isError && <p role="alert">{failureOf(endpoints.error).sentence}</p>}
      {endpoints.data?.length === 0 && <p className="text-quiet">There is none: jobs wait until one is configured.</p>}
      {endpoints.data && endpoints.data.length > 0 && (
        <Table label="Endpoints" columns={COLUMNS}>
          {endpoints.data.map((endpoint) => (
            <tr key={endpoint.id}>
              <Cell>
                <span title={endpoint.url}>{endpoint.name}</span>
              </Cell>
              <Cell>{endpoint.gpu}</Cell>
              <Cell>{endpoint.pricing}</Cell>
              <Cell figures>{endpoint.inFlight}</Cell>
              <Cell figures>{endpoint.capacity}</Cell>
              <Cell>
                <State enabled={endpoint.enabled} restsUntil={endpoint.restsUntil} />
              </Cell>
              <Cell figures>
                <Button
                  tone="quiet"
                  disabled={setEnabled.isPending}
                  aria-label={`${endpoint.enabled ? 'Disable' : 'Enable'} ${endpoint.name}`}
                  onClick={() => setEnabled.mutate({ id: endpoint.id, enabled: !endpoint.enabled })}
                >
                  {endpoint.enabled ? 'Disable' : 'Enable'}
                </Button>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function State({ enabled, restsUntil }: { enabled: boolean; restsUntil: string | null }) {
  if (!enabled)
    return (
      <StateWord icon={CircleSlash} look="text-quiet">
        Off
      </StateWord>
    );
  if (restsUntil !== null)
    return (
      <StateWord icon={Moon} look="text-accent">
        {`Rests until ${new Date(restsUntil).toLocaleTimeString('en-GB')}, then one job tries it`}
      </StateWord>
    );
  return (
    <StateWord icon={CircleCheck} look="text-done">
      In use
    </StateWord>
  );
}
