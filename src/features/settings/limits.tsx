import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '#src/ui/button.tsx';
import { CheckField, TextField } from '#src/ui/field.tsx';
import { notify } from '#src/ui/notify.ts';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { AMOUNTS, changedLimits, SWITCHES, shownAmount } from './limit-fields.ts';

export function Limits() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settings = useQuery(trpc.admin.settings.get.queryOptions());
  const change = useMutation(
    trpc.admin.settings.change.mutationOptions({
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.admin.settings.get.queryKey(), next);
        notify('The limits are saved.');
      },
    }),
  );
  const { data } = settings;

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (data) change.mutate(changedLimits(new FormData(event.currentTarget), data));
  };

  return (
    <section aria-labelledby="limits" className="flex flex-col gap-3">
      <h2 id="limits" className="text-15 font-semibold">
        Limits
      </h2>
      {settings.isError && <p role="alert">{failureOf(settings.error).sentence}</p>}
      {data && (
        <form onSubmit={submit} className="flex flex-col items-start gap-4">
          <div className="grid w-full gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-5">
            {AMOUNTS.map((amount) => (
              <TextField
                key={amount.key}
                label={amount.label}
                hint={amount.hint}
                name={amount.key}
                type="number"
                required
                min={amount.least}
                max={amount.most}
                step={amount.unit === 1 ? 1 : 'any'}
                defaultValue={shownAmount(amount, data)}
                className="tabular-nums"
              />
            ))}
          </div>
          <div className="flex flex-wrap gap-x-6 gap-y-4">
            {SWITCHES.map(({ key, label, hint }) => (
              <CheckField key={key} label={label} hint={hint} name={key} defaultChecked={data[key]} />
            ))}
          </div>
          <p role="alert" className="text-failed empty:hidden">
            {change.isError && failureOf(change.error).sentence}
          </p>
          <Button type="submit" disabled={change.isPending}>
            Save
          </Button>
        </form>
      )}
    </section>
  );
}
