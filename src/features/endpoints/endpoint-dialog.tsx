import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { CopyButton } from '#src/ui/buttons/copy-button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { LiveProgress } from './live-progress.tsx';
import { StartHistory } from './start-bars.tsx';
import { TestEndpoint } from './test-endpoint.tsx';
import { type Endpoint, useEndpoints } from './use-endpoints.ts';
import { WarmEndpoint } from './warm-up.tsx';

const CLOSE_MINUTES = 10;

/** Details and actions of one endpoint. */
export function EndpointDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const currency = useEndpoints().settings.data?.currency ?? '';
  const [changing, setChanging] = useState(false);
  const outcome = {
    onSettled: () => queryClient.invalidateQueries(trpc.admin.endpoints.list.queryFilter()),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const close = useMutation(trpc.admin.endpoints.close.mutationOptions(outcome));
  const open = useMutation(trpc.admin.endpoints.open.mutationOptions(outcome));
  const restore = useMutation(trpc.admin.endpoints.upsert.mutationOptions(outcome));
  const remove = useMutation(
    trpc.admin.endpoints.remove.mutationOptions({
      ...outcome,
      onSuccess: () => {
        // As it was, without its id: it is a new one.
        const { id: _, ...again } = endpoint;
        notify(`${again.name} removed.`, { label: 'Undo', onClick: () => restore.mutate(again) });
        onClose();
      },
    }),
  );
  const done = (): void => setChanging(false);
  if (changing) return <EndpointForm endpoint={endpoint} onSaved={done} onClose={done} />;
  const { id, name, url, gpu, pricing, origin, apiKeyVariable, deployment, starts } = endpoint;
  const isShut = (endpoint.closedUntil ?? endpoint.restsUntil) !== null;
  return (
    <Dialog
      wide
      title={name}
      description={[gpu, pricing, deployment && `deployment ${deployment}`].filter(Boolean).join(' · ')}
      onClose={onClose}
    >
      <div className="flex flex-col gap-6">
        <div className="flex flex-wrap items-center gap-2">
          <Button onClick={() => setChanging(true)}>Edit</Button>
          {isShut ? (
            <Button disabled={open.isPending} onClick={() => open.mutate({ id })}>
              Resume now
            </Button>
          ) : (
            <Button disabled={close.isPending} onClick={() => close.mutate({ id, minutes: CLOSE_MINUTES })}>
              Pause for {CLOSE_MINUTES} min
            </Button>
          )}
          {origin === 'operator' && (
            <Button disabled={remove.isPending} onClick={() => remove.mutate({ id })}>
              Remove
            </Button>
          )}
        </div>
        <p className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="min-w-0 break-all">{url}</span>
          <CopyButton compact text={url} label="Copy address" />
          <span className="text-quiet sm:ml-auto">
            {apiKeyVariable === null ? 'no key needed' : `key in ${apiKeyVariable}`}
            {origin === 'environment' && ' · read at startup'}
          </span>
        </p>
        <TestEndpoint endpoint={endpoint} currency={currency} />
        <LiveProgress endpoint={endpoint} />
        <WarmEndpoint endpoint={endpoint} currency={currency} />
        <StartHistory starts={starts} />
      </div>
    </Dialog>
  );
}
