import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleSlash, CircleX } from 'lucide-react';
import { listens } from '#src/domain/endpoints/listening.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { timeOfDay } from './endpoint-words.ts';
import { listeningTestWords, listeningWords, unbroken } from './live-progress-words.ts';
import { type Endpoint, useEndpoints } from './use-endpoints.ts';

const LOOK_AGAIN_MS = 1000;
const ICONS = {
  on: [CircleCheck, 'text-done'],
  off: [CircleSlash, 'text-waking'],
  unclear: [CircleX, 'text-failed'],
} as const;

/** Tests on demand whether live progress works at an endpoint and harms nothing there, and sets it accordingly. */
export function LiveProgress({ endpoint }: { endpoint: Endpoint }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settings = useEndpoints().settings.data;
  const { id, name, url, gpu, pricing, capacity, apiKeyVariable } = endpoint;
  const test = useQuery(
    trpc.admin.endpoints.listeningTest.queryOptions(
      { id },
      {
        // A look that failed may have missed that a test began.
        refetchInterval: ({ state: { data, status } }) =>
          data?.type === 'running' || status === 'error' ? LOOK_AGAIN_MS : false,
      },
    ),
  );
  const begin = useMutation(
    trpc.admin.endpoints.testListening.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.endpoints.listeningTest.queryFilter({ id })),
    }),
  );
  const set = useMutation(
    trpc.admin.endpoints.upsert.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.endpoints.pathFilter()),
    }),
  );
  const running = test.data?.type === 'running' ? test.data : null;
  const done = test.data?.type === 'done' ? { ...test.data.verdict, at: test.data.at } : null;
  const [icon, iconClass] = ICONS[done?.set ?? 'unclear'];
  const wanted = done?.set ?? null;
  const isWanted = wanted === null || listens(endpoint) === (wanted === 'on');
  const failure = [begin, set].find(({ isError }) => isError)?.error;

  return (
    <section aria-labelledby="live-progress" className="flex flex-col items-start gap-2 text-pretty">
      <h3 id="live-progress" className="font-semibold">
        Live progress
      </h3>
      <p>{listeningWords(endpoint)}</p>
      <p className="text-quiet">
        {settings &&
          listeningTestWords({
            isWarm: endpoint.warmth.state === 'warm',
            pricePerHour: endpoint.pricePerHour,
            ...settings,
          })}
      </p>
      <Button disabled={running !== null || begin.isPending} onClick={() => begin.mutate({ id })}>
        {running ? `Testing with live progress ${running.isListening ? 'on' : 'off'}…` : 'Test live progress'}
      </Button>
      <p role="alert" className="text-failed empty:hidden">
        {failure ? failureOf(failure).sentence : null}
      </p>
      <div role="status" className="flex flex-col items-start gap-1 empty:hidden">
        {test.data?.type === 'failed' && <p>The test could not be finished. {test.data.message}</p>}
        {done && (
          <>
            <StatusLabel icon={icon} iconClass={iconClass}>
              {done.advice}
            </StatusLabel>
            <p className="text-quiet">{unbroken(done.off)}</p>
            {done.on !== null && <p className="text-quiet">{unbroken(done.on)}</p>}
            <p className="text-quiet tabular-nums">{`Tested at ${timeOfDay(done.at)}.`}</p>
            {!isWanted && (
              <Button
                className="mt-1"
                disabled={set.isPending}
                onClick={() => set.mutate({ id, name, url, gpu, pricing, capacity, apiKeyVariable, listening: wanted })}
              >
                {wanted === 'on' ? 'Turn on live progress' : 'Turn off live progress'}
              </Button>
            )}
          </>
        )}
      </div>
    </section>
  );
}
