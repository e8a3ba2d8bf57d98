import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { keepWarmCost } from '#src/domain/endpoints/endpoint-test.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { SelectField, TextField } from '#src/ui/forms/field.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { keptWords, nextTime, suggestedEnd, timeOfDay, warmStateWords } from './endpoint-words.ts';
import { type Endpoint, useEndpoints } from './use-endpoints.ts';

/** Warms up one GPU with a workflow of the class, and keeps it warm until a time of day. */
export function WarmEndpoint({ endpoint, currency }: { endpoint: Endpoint; currency: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const now = useNow();
  const workflows = useQuery(trpc.admin.workflows.list.queryOptions());
  const onSettled = () => queryClient.invalidateQueries(trpc.admin.endpoints.list.queryFilter());
  const keep = useMutation(trpc.admin.endpoints.keepWarm.mutationOptions({ onSettled }));
  const stop = useMutation(
    trpc.admin.endpoints.stopWarming.mutationOptions({
      onSettled,
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  const staysWarmMs = useEndpoints().settings.data?.staysWarmMs ?? 0;
  const [end, setEnd] = useState(() =>
    endpoint.keepWarmUntil === null ? suggestedEnd(new Date()) : timeOfDay(endpoint.keepWarmUntil),
  );
  const until = nextTime(end, new Date(now));
  const runnable = workflows.data?.filter(({ canRun }) => canRun) ?? [];

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (until) keep.mutate({ id: endpoint.id, until: until.toISOString(), workflowId: String(form.get('workflow')) });
  };

  return (
    <section aria-labelledby="warm" className="flex flex-col items-start gap-2">
      <h3 id="warm" className="font-semibold">
        Warm up
      </h3>
      <p className="tabular-nums">{warmStateWords(endpoint.warmth, now)}</p>
      {endpoint.keepWarmUntil !== null && (
        <div className="flex flex-wrap items-center gap-3">
          <span className="tabular-nums">{keptWords(endpoint.keepWarmUntil, endpoint.nextWarmUp, now)}</span>
          <Button disabled={stop.isPending} onClick={() => stop.mutate({ id: endpoint.id })}>
            Stop keeping warm
          </Button>
        </div>
      )}
      {workflows.data && runnable.length === 0 && (
        <p className="text-quiet">Add a class workflow with its API export first. Warm-up jobs run that workflow.</p>
      )}
      {runnable.length > 0 && (
        <form onSubmit={submit} className="flex w-full flex-col gap-3">
          <p className="text-quiet">
            Runs this workflow now and again before the GPU would scale down, until the time you set. Its files are
            discarded.
          </p>
          <div className="grid items-start gap-3 sm:grid-cols-[1fr_auto_auto]">
            <SelectField
              label="Workflow"
              name="workflow"
              required
              defaultValue={runnable.find(({ id }) => id === endpoint.warmWorkflowId)?.id ?? runnable[0]?.id}
            >
              {runnable.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </SelectField>
            <TextField
              label="Until"
              name="until"
              type="time"
              required
              value={end}
              onChange={(event) => setEnd(event.target.value)}
              className="tabular-nums"
            />
            <Button type="submit" className="sm:mt-7" disabled={keep.isPending}>
              {endpoint.keepWarmUntil === null ? 'Keep warm' : 'Change'}
            </Button>
          </div>
          <p role="status" className="tabular-nums empty:hidden">
            {until && keepWarmCost(endpoint.pricePerHour, currency, until.getTime() - now + staysWarmMs)}
          </p>
          <p role="alert" className="text-failed empty:hidden">
            {keep.isError && failureOf(keep.error).sentence}
          </p>
        </form>
      )}
    </section>
  );
}
