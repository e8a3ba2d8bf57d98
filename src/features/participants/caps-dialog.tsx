import type { FormEvent } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { useTRPCClient } from '../api-client/trpc.ts';
import { CapsFields, capsOf } from './caps-fields.tsx';
import { type Person, useEach } from './people.ts';

export function CapsDialog({ people, onClose }: { people: readonly Person[]; onClose: () => void }) {
  const client = useTRPCClient();
  const { busy, each } = useEach();
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const caps = capsOf(new FormData(event.currentTarget));
    await each(people, (id) => client.admin.participants.setCaps.mutate({ id, ...caps }));
    onClose();
  };
  return (
    <Dialog title={`Limits of ${counted(people.length, 'person', 'people')}`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <CapsFields waitingCap={null} inFlightCap={null} />
        <Button type="submit" tone="accent" className="self-end" disabled={busy}>
          Apply to all
        </Button>
      </form>
    </Dialog>
  );
}
