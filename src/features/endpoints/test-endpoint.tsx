import { useMutation } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { startCost } from '#src/domain/endpoints/endpoint-test.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import type { Endpoint } from './use-endpoints.ts';

/** Tests an endpoint on demand only: it may start a GPU. */
export function TestEndpoint({ endpoint, currency }: { endpoint: Endpoint; currency: string }) {
  const trpc = useTRPC();
  const test = useMutation(trpc.admin.endpoints.test.mutationOptions());
  return (
    <section aria-labelledby="test" className="flex flex-col items-start gap-2">
      <h3 id="test" className="font-semibold">
        Test
      </h3>
      <p className="text-quiet">
        Requests the ComfyUI version. This may start a GPU. {startCost(endpoint.pricePerHour, currency)}
      </p>
      <Button disabled={test.isPending} onClick={() => test.mutate({ id: endpoint.id })}>
        {test.isPending ? 'Testing, up to 45 s' : 'Test'}
      </Button>
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
        {test.isError && <p>{failureOf(test.error).sentence}</p>}
      </div>
    </section>
  );
}
