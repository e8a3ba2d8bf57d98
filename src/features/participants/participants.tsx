import { useQuery } from '@tanstack/react-query';
import { FileDown, UserPlus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { nameKey } from '#src/domain/users/name-key.ts';
import { saveText } from '#src/ui/browser/save-text.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useMe } from '../session/use-me.ts';
import type { Card } from './cards.ts';
import { KeptPassphrases, useKeptCards } from './kept-passphrases.tsx';
import { type Person, useEach } from './people.ts';
import { peopleCsv } from './people-csv.ts';
import { PeopleTable } from './people-table.tsx';

const AddParticipants = dynamic(
  () => loadPart(() => import('./add-participants.tsx')).then((file) => file.AddParticipants),
  {
    ssr: false,
  },
);
const PassphrasesDialog = dynamic(
  () => loadPart(() => import('./passphrases-dialog.tsx')).then((file) => file.PassphrasesDialog),
  {
    ssr: false,
  },
);
const PersonDialog = dynamic(() => loadPart(() => import('./person-dialog.tsx')).then((file) => file.PersonDialog), {
  ssr: false,
});
const CapsDialog = dynamic(() => loadPart(() => import('./caps-dialog.tsx')).then((file) => file.CapsDialog), {
  ssr: false,
});
const DeleteDialog = dynamic(() => loadPart(() => import('./delete-dialog.tsx')).then((file) => file.DeleteDialog), {
  ssr: false,
});
const ResetDialog = dynamic(() => loadPart(() => import('./reset-dialog.tsx')).then((file) => file.ResetDialog), {
  ssr: false,
});

type Open =
  | { readonly dialog: 'add' | 'passphrases' }
  | { readonly dialog: 'person'; readonly id: string }
  | { readonly dialog: 'reset' | 'caps' | 'delete'; readonly people: readonly Person[] };

export function Participants() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const me = useMe();
  const list = useQuery(trpc.admin.participants.list.queryOptions(undefined, { staleTime: 0 }));
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Open | null>(null);
  const { cards, keep, discard } = useKeptCards();
  const [names, setNames] = useState('');
  const { busy, each } = useEach();

  const people = list.data ?? [];
  const shown = people.filter(({ name }) => nameKey(name).includes(nameKey(words.trim())));
  const selected = shown.filter(({ id }) => chosen.has(id) && id !== me?.id);
  const participants = selected.filter(({ role }) => role === 'participant');
  const person = open?.dialog === 'person' ? people.find(({ id }) => id === open.id) : undefined;
  const close = (): void => setOpen(null);
  const showCards = async (added: readonly Card[]): Promise<void> => {
    await keep(added);
    setOpen(added.length > 0 ? { dialog: 'passphrases' } : null);
  };
  const discardCards = (): void => {
    void discard();
    close();
    notify(`${counted(cards.length, 'passphrase')} discarded.`, { label: 'Undo', onClick: () => void keep(cards) });
  };

  const setEnabled = async (some: readonly Person[], enabled: boolean): Promise<void> => {
    const done = await each(some, (id) => client.admin.participants.setEnabled.mutate({ id, enabled }).then(() => id));
    if (enabled || done.length === 0) return;
    const out = some.filter(({ id }) => done.includes(id));
    const who = out.length === 1 ? out[0]?.name : `${out.length} people`;
    notify(`${who} ${out.length === 1 ? 'is' : 'are'} disabled.`, {
      label: 'Undo',
      onClick: () => void setEnabled(out, true),
    });
  };

  const setComfyui = async (some: readonly Person[], on: boolean): Promise<void> => {
    const done = await each(some, (id) => client.admin.participants.setComfyui.mutate({ id, on }).then(() => id));
    if (done.length > 0)
      notify(`ComfyUI is ${on ? 'on' : 'off'} for ${counted(done.length, 'person', 'people')}.`, {
        label: 'Undo',
        onClick: () =>
          void setComfyui(
            some.filter(({ id, comfyui }) => done.includes(id) && comfyui !== on),
            !on,
          ),
      });
  };

  return (
    <section aria-label="People" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField label="Find a name" value={words} onChange={setWords} />
        <p role="status" className="grow text-quiet">
          {list.data && (words.trim() === '' ? counted(people.length, 'person', 'people') : `${shown.length} found`)}
        </p>
        <Button
          icon={FileDown}
          disabled={people.length === 0}
          onClick={() => {
            peopleCsv(shown)
              .then((text) => saveText('participants.csv', 'text/csv', text))
              .catch((error: unknown) => notifyFailure(failureOf(error).sentence));
          }}
        >
          Export CSV
        </Button>
        <Button tone="accent" icon={UserPlus} onClick={() => setOpen({ dialog: 'add' })}>
          Add participants
        </Button>
      </div>
      <KeptPassphrases count={cards.length} onShow={() => setOpen({ dialog: 'passphrases' })} />
      <fieldset disabled={busy || selected.length === 0} className="flex min-h-8 flex-wrap items-center gap-2">
        <legend className="sr-only">For those who are selected</legend>
        <span role="status" className="min-w-24 text-quiet">
          {selected.length === 0 ? 'None selected' : `${selected.length} selected`}
        </span>
        <Button onClick={() => void setEnabled(selected, false)}>Disable</Button>
        <Button onClick={() => void setEnabled(selected, true)}>Enable</Button>
        <Button disabled={participants.length === 0} onClick={() => setOpen({ dialog: 'reset', people: participants })}>
          New passphrases
        </Button>
        <Button onClick={() => setOpen({ dialog: 'caps', people: selected })}>Limits</Button>
        <Button disabled={participants.length === 0} onClick={() => void setComfyui(participants, false)}>
          Turn ComfyUI off
        </Button>
        <Button disabled={participants.length === 0} onClick={() => void setComfyui(participants, true)}>
          Turn ComfyUI on
        </Button>
        <Button onClick={() => setOpen({ dialog: 'delete', people: selected })}>Delete</Button>
      </fieldset>
      {list.isError && <p role="alert">{failureOf(list.error).sentence}</p>}
      <PeopleTable
        people={shown}
        isLoading={list.isPending}
        words={words}
        meId={me?.id ?? ''}
        chosen={chosen}
        onChoose={setChosen}
        busy={busy}
        onOpen={(id) => setOpen({ dialog: 'person', id })}
        onSetEnabled={(one, enabled) => void setEnabled([one], enabled)}
      />
      {open?.dialog === 'add' && (
        <AddParticipants
          taken={new Set(people.map(({ name }) => nameKey(name)))}
          text={names}
          onText={setNames}
          onClose={close}
          onAdded={(added) => {
            setNames('');
            void showCards(added);
            void list.refetch();
          }}
        />
      )}
      {open?.dialog === 'passphrases' && (
        <PassphrasesDialog passphrases={cards} onDiscard={discardCards} onClose={close} />
      )}
      {person && (
        <PersonDialog
          person={person}
          isMe={person.id === me?.id}
          onClose={close}
          onReset={() => setOpen({ dialog: 'reset', people: [person] })}
          onDelete={() => setOpen({ dialog: 'delete', people: [person] })}
        />
      )}
      {open?.dialog === 'reset' && (
        <ResetDialog people={open.people} onReset={(renewed) => void showCards(renewed)} onClose={close} />
      )}
      {open?.dialog === 'caps' && <CapsDialog people={open.people} onClose={close} />}
      {open?.dialog === 'delete' && <DeleteDialog people={open.people} onClose={close} />}
    </section>
  );
}
