import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ago } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { replicaWords } from './endpoint-words.ts';

const COLUMNS = [
  { name: 'Deployment' },
  { name: 'GPU' },
  { name: 'Pricing' },
  { name: 'Replicas' },
  { name: 'Min. replicas', figures: true },
  { name: 'Max. replicas', figures: true },
  { name: 'Endpoint' },
  { name: 'Updated', figures: true },
];

/** A request starts polling of the platform for a while. */
const LOOK_AGAIN_MS = 15_000;

/** The platform's deployments; nothing without a platform account. */
export function Platform() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const state = useQuery(trpc.admin.platform.state.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS }));
  const adopt = useMutation(
    trpc.admin.platform.adopt.mutationOptions({
      onSuccess: ({ name }) => notify(`Endpoint ${name} added.`),
      onSettled: () => queryClient.invalidateQueries(trpc.admin.pathFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  if (!state.data?.configured) return null;
  const { problem, deployments } = state.data;
  return (
    <section aria-labelledby="platform" className="flex flex-col gap-3">
      <h2 id="platform" className="text-15 font-semibold">
        Verda
      </h2>
      {problem !== null && <p className="text-failed">{problem}</p>}
      {problem === null && deployments.length === 0 && <p className="text-quiet">No deployments.</p>}
      {deployments.length > 0 && (
        <Table label="Verda deployments" columns={COLUMNS}>
          {deployments.map((deployment) => {
            const { name, gpu, gpus, spot, replicas, minReplicas, heldFrom, endpoints } = deployment;
            return (
              <tr key={name}>
                <Cell>
                  <span title={deployment.url}>{name}</span>
                </Cell>
                <Cell>{gpus > 1 ? `${gpus} × ${gpu}` : gpu}</Cell>
                <Cell>{spot ? 'spot' : 'on-demand'}</Cell>
                <Cell>
                  {deployment.problem === null ? (
                    replicaWords(replicas)
                  ) : (
                    <span className="text-failed">{deployment.problem}</span>
                  )}
                </Cell>
                <Cell figures>
                  {minReplicas}
                  {heldFrom !== null && <span className="text-quiet"> raised from {heldFrom}</span>}
                </Cell>
                <Cell figures>{deployment.maxReplicas}</Cell>
                <Cell>
                  {endpoints.length > 0 ? (
                    endpoints.map((endpoint) => endpoint.name).join(', ')
                  ) : (
                    <Button
                      tone="quiet"
                      className="-mx-3"
                      aria-label={`Add ${name} as an endpoint`}
                      disabled={adopt.isPending}
                      onClick={() => adopt.mutate({ deployment: name })}
                    >
                      Add as endpoint
                    </Button>
                  )}
                </Cell>
                <Cell figures>{deployment.seenAt !== null && <Seen at={deployment.seenAt} />}</Cell>
              </tr>
            );
          })}
        </Table>
      )}
    </section>
  );
}

function Seen({ at }: { at: string }) {
  const now = useNow();
  return now === 0 ? null : ago(new Date(at), new Date(now));
}
