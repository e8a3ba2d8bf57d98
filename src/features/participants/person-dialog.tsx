import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Eye, KeyRound, Trash2, UserCog, Workflow } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { land, landOn } from '../api-client/session-change.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { CapsFields, capsOf } from './caps-fields.tsx';
import type { Person } from './people.ts';

type PersonDialogProps = {
  person: Person;
  isMe: boolean;
  onReset: () => void;
  onDelete: () => void;
  onClose: () => void;
};

export function PersonDialog({ person, isMe, onReset, onDelete, onClose }: PersonDialogProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [asksRole, setAsksRole] = useState(false);
  const { id, role } = person;
  const done = {
    onSuccess: async () => {
      await queryClient.invalidateQueries(trpc.admin.participants.pathFilter());
      if (isMe) await queryClient.invalidateQueries(trpc.session.me.queryFilter());
      onClose();
    },
  };
  const save = useMutation({
    mutationFn: async (form: FormData) => {
      const name = String(form.get('name'));
      if (name !== person.name) await client.admin.participants.rename.mutate({ id, name });
      await client.admin.participants.setCaps.mutate({ id, ...capsOf(form) });
    },
    ...done,
  });
  const setRole = useMutation(trpc.admin.participants.setRole.mutationOptions(done));
  const impersonate = useMutation(
    trpc.admin.participants.lookAs.mutationOptions({ onMutate: () => landOn('/'), onSuccess: land }),
  );
  const setComfyui = useMutation(trpc.admin.participants.setComfyui.mutationOptions(done));
  const failed = [setRole, impersonate, setComfyui].find(({ isError }) => isError)?.error;

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  };

  return (
    <Dialog title={person.name} onClose={onClose}>
      <div className="flex flex-col gap-6">
        <form onSubmit={submit} aria-label={`Edit ${person.name}`} className="flex flex-col gap-4">
          <TextField
            label="Name"
            name="name"
            required
            maxLength={60}
            autoComplete="off"
            defaultValue={person.name}
            hint="The folder of results keeps its name."
            error={save.isError ? failureOf(save.error).sentence : null}
          />
          <CapsFields waitingCap={person.waitingCap} inFlightCap={person.inFlightCap} />
          <Button type="submit" tone="accent" className="self-end" disabled={save.isPending}>
            Save
          </Button>
        </form>
        {!isMe && (
          <div className="flex flex-wrap gap-2 border-t border-line pt-4">
            {role === 'participant' && (
              <>
                <Button
                  icon={Eye}
                  disabled={impersonate.isPending || !person.enabled}
                  onClick={() => impersonate.mutate({ id })}
                >
                  View as {person.name}
                </Button>
                <Button
                  icon={Workflow}
                  disabled={setComfyui.isPending}
                  onClick={() => setComfyui.mutate({ id, on: !person.comfyui })}
                >
                  {person.comfyui ? 'Turn ComfyUI off' : 'Turn ComfyUI on'}
                </Button>
                <Button icon={KeyRound} onClick={onReset}>
                  New passphrase
                </Button>
              </>
            )}
            {asksRole ? (
              <Button
                autoFocus
                disabled={setRole.isPending}
                onClick={() => setRole.mutate({ id, role: role === 'operator' ? 'participant' : 'operator' })}
              >
                {role === 'operator' ? 'Yes, make participant' : 'Yes, make operator'}
              </Button>
            ) : (
              <Button icon={UserCog} onClick={() => setAsksRole(true)}>
                {role === 'operator' ? 'Make participant' : 'Make operator'}
              </Button>
            )}
            <Button icon={Trash2} onClick={onDelete}>
              Delete
            </Button>
          </div>
        )}
        <p role="alert" className="text-failed empty:hidden">
          {failed && failureOf(failed).sentence}
        </p>
      </div>
    </Dialog>
  );
}
