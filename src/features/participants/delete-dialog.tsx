import { useState } from 'react';
import { counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { CheckField } from '#src/ui/forms/field.tsx';
import { notify } from '#src/ui/toasts/notify.ts';
import { useTRPCClient } from '../api-client/trpc.ts';
import { type Person, useEach } from './people.ts';

type Going = Pick<Person, 'id' | 'name' | 'results' | 'bytes'>;
type DeleteDialogProps = { people: readonly Going[]; onlyWithWork?: boolean; onClose: () => void };

/** Deleting the account alone can be undone; deleting the files too cannot. */
export function DeleteDialog({ people, onlyWithWork = false, onClose }: DeleteDialogProps) {
  const client = useTRPCClient();
  const { busy, each } = useEach();
  const [withWork, setWithWork] = useState(onlyWithWork);
  const who = people.length === 1 ? (people[0]?.name ?? '') : `${people.length} people`;
  const files = people.reduce((sum, { results }) => sum + results, 0);
  const bytes = people.reduce((sum, one) => sum + one.bytes, 0);
  const work = files === 0 ? 'There are no results.' : `${counted(files, 'result')}, ${fileSize(bytes)}.`;

  const goOn = async (): Promise<void> => {
    const gone = await each(people, async (id) => {
      await client.admin.participants.delete.mutate({ id, withWork });
      return id;
    });
    onClose();
    if (gone.length === 0) return;
    const left = people.filter(({ id }) => gone.includes(id));
    const words = `${left.length === 1 ? left[0]?.name : `${left.length} people`} deleted.`;
    if (withWork) return notify(words);
    notify(words, {
      label: 'Undo',
      onClick: () => void each(left, (id) => client.admin.participants.restore.mutate({ id })),
    });
  };

  return (
    <Dialog
      title={`Delete ${who}?`}
      description="They are signed out at once, their queued and running jobs are cancelled, and the name is free again."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        {onlyWithWork ? (
          <p>{`All their files are permanently deleted. ${work}`}</p>
        ) : (
          <CheckField
            label="Permanently delete all files too"
            hint={`${work} Otherwise they are kept and the account can be restored.`}
            checked={withWork}
            onChange={(event) => setWithWork(event.target.checked)}
          />
        )}
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={busy} onClick={() => void goOn()} className={withWork ? 'text-failed' : ''}>
            {busy ? 'Deleting' : withWork ? 'Delete with all files' : 'Remove, keep files'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
