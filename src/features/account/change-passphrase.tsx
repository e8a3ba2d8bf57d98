import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { notify } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

export function ChangePassphrase({ name }: { name: string }) {
  const trpc = useTRPC();
  const change = useMutation(trpc.session.changePassword.mutationOptions());

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    change.mutate(
      { current: String(fields.get('current')), next: String(fields.get('next')) },
      {
        onSuccess: () => {
          form.reset();
          notify('Passphrase changed.');
        },
      },
    );
  };

  return (
    <section aria-labelledby="passphrase" className="flex flex-col gap-3">
      <h2 id="passphrase" className="text-15 font-semibold">
        Passphrase
      </h2>
      <form onSubmit={submit} className="flex max-w-80 flex-col items-start gap-3 [&>div]:w-full">
        {/* For password managers: whose passphrase this is. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <TextField
          label="Current passphrase"
          name="current"
          type="password"
          required
          autoComplete="current-password"
          error={change.isError ? failureOf(change.error).sentence : null}
        />
        <TextField
          label="New passphrase"
          name="next"
          type="password"
          required
          minLength={10}
          autoComplete="new-password"
          hint="At least 10 characters. Four random words are easy to remember."
        />
        <Button type="submit" disabled={change.isPending}>
          Change passphrase
        </Button>
      </form>
    </section>
  );
}
