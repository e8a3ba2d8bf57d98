import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleSlash, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { ago } from '#src/domain/measures.ts';
import { Button } from '#src/ui/button.tsx';
import { notifyFailure } from '#src/ui/notify.ts';
import { StateWord } from '#src/ui/state-word.tsx';
import { Cell, Table } from '#src/ui/table.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { useMe } from '../session/use-me.ts';
import { AddParticipants } from './add-participants.tsx';
import { type Passphrase, PassphrasesDialog } from './passphrases-dialog.tsx';

const COLUMNS = [
  { name: 'Name' },
  { name: 'Role' },
  { name: 'Jobs', figures: true },
  { name: 'Last seen', figures: true },
  { name: 'State' },
  { name: 'Actions', hidden: true },
];

export function Participants() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useMe();
  const list = useQuery(trpc.admin.participants.list.queryOptions(undefined, { staleTime: 0 }));
  const [adding, setAdding] = useState(false);
  const [passphrases, setPassphrases] = useState<readonly Passphrase[]>([]);
  const outcome = {
    onSettled: () => queryClient.invalidateQueries(trpc.admin.participants.list.queryFilter()),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const setEnabled = useMutation(trpc.admin.participants.setEnabled.mutationOptions(outcome));
  const reset = useMutation(
    trpc.admin.participants.resetPassphrase.mutationOptions({ ...outcome, onSuccess: (one) => setPassphrases([one]) }),
  );
  const now = new Date();

  return (
    <section aria-labelledby="participants" className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-4">
        <h2 id="participants" className="text-15 font-semibold">
          Participants
        </h2>
        <Button icon={UserPlus} onClick={() => setAdding(true)}>
          Add participants
        </Button>
      </div>
      {list.isError && <p role="alert">{failureOf(list.error).sentence}</p>}
      {list.data && (
        <Table label="Participants" columns={COLUMNS}>
          {list.data.map((user) => (
            <tr key={user.id}>
              <Cell>{user.name}</Cell>
              <Cell>{user.role}</Cell>
              <Cell figures>{user.jobs}</Cell>
              <Cell figures>{user.lastSeenAt ? ago(new Date(user.lastSeenAt), now) : 'never'}</Cell>
              <Cell>
                {user.enabled ? (
                  <StateWord icon={CircleCheck} look="text-done">
                    Enabled
                  </StateWord>
                ) : (
                  <StateWord icon={CircleSlash} look="text-quiet">
                    Disabled
                  </StateWord>
                )}
              </Cell>
              <Cell figures>
                {user.id !== me?.id && (
                  <>
                    <Button
                      tone="quiet"
                      aria-label={`New passphrase for ${user.name}`}
                      disabled={reset.isPending}
                      onClick={() => reset.mutate({ id: user.id })}
                    >
                      New passphrase
                    </Button>
                    <Button
                      tone="quiet"
                      aria-label={`${user.enabled ? 'Disable' : 'Enable'} ${user.name}`}
                      disabled={setEnabled.isPending}
                      onClick={() => setEnabled.mutate({ id: user.id, enabled: !user.enabled })}
                    >
                      {user.enabled ? 'Disable' : 'Enable'}
                    </Button>
                  </>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {adding && (
        <AddParticipants
          onClose={() => setAdding(false)}
          onAdded={(added) => {
            setAdding(false);
            setPassphrases(added);
            void outcome.onSettled();
          }}
        />
      )}
      {passphrases.length > 0 && <PassphrasesDialog passphrases={passphrases} onClose={() => setPassphrases([])} />}
    </section>
  );
}
