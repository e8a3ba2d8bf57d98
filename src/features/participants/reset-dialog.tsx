import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { useTRPCClient } from '../api-client/trpc.ts';
import type { Card } from './cards.ts';
import { type Person, useEach } from './people.ts';

type ResetDialogProps = { people: readonly Person[]; onReset: (cards: readonly Card[]) => void; onClose: () => void };

/** Asks first: the old passphrases cannot be restored. */
export function ResetDialog({ people, onReset, onClose }: ResetDialogProps) {
  const client = useTRPCClient();
  const { busy, each } = useEach();
  const who = people.length === 1 ? (people[0]?.name ?? '') : `${people.length} people`;
  const reset = async (): Promise<void> =>
    onReset(await each(people, (id) => client.admin.participants.resetPassphrase.mutate({ id })));
  return (
    <Dialog
      title={`New ${people.length === 1 ? 'passphrase' : 'passphrases'} for ${who}?`}
      description="The old ones and their cards stop working, and everyone affected is signed out. Jobs keep running."
      onClose={onClose}
    >
      <div className="flex justify-end gap-2">
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button tone="accent" autoFocus disabled={busy} onClick={() => void reset()}>
          {busy ? 'Creating' : 'Create new'}
        </Button>
      </div>
    </Dialog>
  );
}
