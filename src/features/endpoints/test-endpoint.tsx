import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import { startCost } from '#src/domain/endpoints/endpoint-test.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { isNew } from './endpoint-words.ts';
import type { Endpoint } from './use-endpoints.ts';

/** Tests an endpoint on demand only: it may start a GPU. A new one gets jobs from its first good test on. */
export function TestEndpoint({ endpoint, currency }: { endpoint: Endpoint; currency: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id } = endpoint;
  const [wasNew] = useState(isNew(endpoint));
  const onSettled = () => queryClient.invalidateQueries(trpc.admin.endpoints.list.queryFilter());
  const enable = useMutation(trpc.admin.endpoints.setEnabled.mutationOptions({ onSettled }));
  const test = useMutation(
    trpc.admin.endpoints.test.mutationOptions({
      onSuccess: ({ well }) => {
        if (well && wasNew) enable.mutate({ id, enabled: true });
      },
      onSettled,
    }),
  );
  const isOff = wasNew && !endpoint.enabled;
  const failure = test.error ?? enable.error;
  return (
    <section aria-labelledby="test" className="flex flex-col items-start gap-2">
      <h3 id="test" className="font-semibold">
        Test
      </h3>
      <p className="text-quiet">
        {isOff && 'This endpoint gets no jobs before it has passed a test. '}
        Requests the ComfyUI version. This may start a GPU. {startCost(endpoint.pricePerHour, currency)}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button tone={isOff ? 'accent' : 'plain'} disabled={test.isPending} onClick={() => test.mutate({ id })}>
          {test.isPending ? 'Testing, up to 45 s' : isOff ? 'Test and enable' : 'Test'}
        </Button>
        {isOff && test.data?.well === false && (
          <Button disabled={enable.isPending} onClick={() => enable.mutate({ id, enabled: true })}>
            Enable anyway
          </Button>
        )}
      </div>
      <div role="status" className="empty:hidden">
        {test.data && (
          <>
            <StatusLabel
              icon={test.data.well ? CircleCheck : CircleX}
              iconClass={test.data.well ? 'text-done' : 'text-failed'}
            >
              {test.data.sentence}
            </StatusLabel>
            {test.data.doThis !== null && <p className="text-quiet">{test.data.doThis}</p>}
          </>
        )}
        {failure && <p>{failureOf(failure).sentence}</p>}
      </div>
    </section>
  );
}
