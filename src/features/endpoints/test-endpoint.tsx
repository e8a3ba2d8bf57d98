import { useMutation } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { startCost } from '#src/domain/endpoints/endpoint-test.ts';
import { Button } from '#src/ui/button.tsx';
import { StateWord } from '#src/ui/state-word.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import type { Endpoint } from './use-endpoints.ts';

/** Asks it how it is, when told to: that may cost money. */
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
            <StateWord
              icon={test.data.well ? CircleCheck : CircleX}
              look={test.data.well ? 'text-done' : 'text-failed'}
            >
              {test.data.sentence}
            </StateWord>
            {test.data.doThis !== null && <p className="text-quiet">{test.data.doThis}</p>}
          </>
        )}
        {test.isError && <p>{failureOf(test.error).sentence}</p>}
      </div>
    </section>
  );
}
