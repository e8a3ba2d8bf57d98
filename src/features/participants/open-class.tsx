import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

type OpenClassProps = { onOpened: (code: { id: string }) => void; onClose: () => void };

export function OpenClass({ onOpened, onClose }: OpenClassProps) {
  const trpc = useTRPC();
  const open = useMutation(trpc.admin.joinCodes.open.mutationOptions({ onSuccess: onOpened }));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    open.mutate({ seats: Number(form.get('seats')), minutes: Math.round(Number(form.get('hours')) * 60) });
  };
  return (
    <Dialog
      title="Open a class code"
      description="Whoever has it can make an account, until the seats are taken, its time is up or you close it."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Seats" name="seats" type="number" required min={1} max={500} defaultValue={20} autoFocus />
          <TextField
            label="Open for (hours)"
            name="hours"
            type="number"
            required
            min={0.25}
            max={168}
            step={0.25}
            defaultValue={2}
          />
        </div>
        <p role="alert" className="text-failed empty:hidden">
          {open.isError && failureOf(open.error).sentence}
        </p>
        <Button type="submit" tone="accent" className="self-end" disabled={open.isPending}>
          Open
        </Button>
      </form>
    </Dialog>
  );
}
