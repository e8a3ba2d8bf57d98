import { type FormEvent, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { splitEnding, toGivenName } from '#src/domain/files/result-name.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { useResultChanges } from './use-result-changes.ts';

type RenameDialogProps = { result: ResultView; onClose: () => void };

export function RenameDialog({ result, onClose }: RenameDialogProps) {
  const { rename } = useResultChanges();
  const { base, ending } = splitEnding(result.filename);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('name') ?? '');
    const given = toGivenName(typed, result.filename);
    if ('problem' in given) {
      setProblem(given.problem);
      return;
    }
    onClose();
    rename(result, given.name);
  };
  return (
    <Dialog title="Rename" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          name="name"
          data-first
          defaultValue={base}
          error={problem}
          maxLength={240}
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
          onChange={() => setProblem(null)}
          hint={ending === '' ? undefined : `The ending ${ending} stays.`}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="accent">
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
