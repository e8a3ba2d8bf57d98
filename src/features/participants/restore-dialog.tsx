import type { FormEvent } from 'react';
import { freeNames } from '#src/domain/users/free-names.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { useTRPCClient } from '../api-client/trpc.ts';
import { useEach } from './people.ts';

type RestoreDialogProps = {
  people: readonly { readonly id: string; readonly name: string }[];
  /** Keys of the names that there are. */
  taken: ReadonlySet<string>;
  onClose: () => void;
};

/** For those whose names belong to others by now. */
export function RestoreDialog({ people, taken, onClose }: RestoreDialogProps) {
  const client = useTRPCClient();
  const { busy, each } = useEach();
  const names = freeNames(
    people.map(({ name }) => name),
    taken,
  );
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    await each(people, (id) => client.admin.participants.restore.mutate({ id, name: String(form.get(id)) }));
    onClose();
  };
  return (
    <Dialog
      title="Restore under another name"
      description={`Somebody else has ${people.length === 1 ? 'this name' : 'these names'} now. Passphrases stay as they were.`}
      onClose={onClose}
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {people.map(({ id, name }, index) => (
          <TextField
            key={id}
            label={`Name for ${name}`}
            name={id}
            required
            maxLength={60}
            autoComplete="off"
            autoFocus={index === 0}
            defaultValue={names[index]}
          />
        ))}
        <Button type="submit" tone="accent" className="self-end" disabled={busy}>
          Restore
        </Button>
      </form>
    </Dialog>
  );
}
