import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { TextArea } from '#src/ui/field.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import type { Passphrase } from './passphrases-dialog.tsx';

type AddParticipantsProps = { onAdded: (added: readonly Passphrase[]) => void; onClose: () => void };

export function AddParticipants({ onAdded, onClose }: AddParticipantsProps) {
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const create = useMutation(trpc.admin.participants.create.mutationOptions({ onSuccess: onAdded }));
  const names = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (names.length > 0) create.mutate({ names });
  };

  return (
    <Dialog title="Add participants" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextArea
          label="Names"
          rows={8}
          required
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          hint="One name on each line. Everybody gets a passphrase of their own."
          error={create.isError ? failureOf(create.error).sentence : null}
        />
        <Button type="submit" tone="accent" className="self-end" disabled={create.isPending || names.length === 0}>
          {names.length === 0 ? 'Add' : `Add ${counted(names.length, 'participant')}`}
        </Button>
      </form>
    </Dialog>
  );
}
