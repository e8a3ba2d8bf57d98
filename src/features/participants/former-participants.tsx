import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { AppRouter } from '#src/api/app/router.ts';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { freeNames } from '#src/domain/users/free-names.ts';
import { nameKey } from '#src/domain/users/name-key.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { RowCheckbox } from '#src/ui/tables/row-checkbox.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useRowChoice } from '#src/ui/tables/use-row-choice.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useEach } from './people.ts';

const DeleteDialog = dynamic(() => loadPart(() => import('./delete-dialog.tsx')).then((file) => file.DeleteDialog), {
  ssr: false,
});
const RestoreDialog = dynamic(() => loadPart(() => import('./restore-dialog.tsx')).then((file) => file.RestoreDialog), {
  ssr: false,
});

const COLUMNS = [
  { name: 'Name' },
  { name: 'Left', figures: true },
  { name: 'Jobs', figures: true },
  { name: 'Results', figures: true },
  { name: 'Actions', hidden: true },
];

type Former = inferRouterOutputs<AppRouter>['admin']['participants']['left'][number];
type Open = { readonly dialog: 'restore' | 'delete'; readonly people: readonly Former[] };

/** Accounts that were deleted and whose work was kept. */
export function FormerParticipants() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const left = useQuery(trpc.admin.participants.left.queryOptions(undefined, { staleTime: 0 }));
  const here = useQuery(trpc.admin.participants.list.queryOptions());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Open | null>(null);
  const { busy, each } = useEach();
  const people = left.data ?? [];
  const rowChoice = useRowChoice(
    people.map(({ id }) => id),
    chosen,
    setChosen,
  );
  if (people.length === 0) return null;
  const selected = people.filter(({ id }) => chosen.has(id));
  const taken = new Set(here.data?.map(({ name }) => nameKey(name)));
  const now = new Date();
  const close = (): void => setOpen(null);

  const restore = async (some: readonly Former[]): Promise<void> => {
    const names = freeNames(
      some.map(({ name }) => name),
      taken,
    );
    const [free, renamed] = [
      some.filter(({ name }, index) => names[index] === name),
      some.filter(({ name }, index) => names[index] !== name),
    ];
    await each(free, (id) => client.admin.participants.restore.mutate({ id }));
    if (renamed.length > 0) setOpen({ dialog: 'restore', people: renamed });
  };
  return (
    <section aria-labelledby="left" className="flex flex-col gap-3">
      <h2 id="left" className="text-15 font-semibold">
        Left the class
      </h2>
      <fieldset disabled={busy || selected.length === 0} className="flex min-h-8 flex-wrap items-center gap-2">
        <legend className="sr-only">For those who left and are selected</legend>
        <span role="status" className="min-w-24 text-quiet">
          {selected.length === 0 ? 'None selected' : `${selected.length} selected`}
        </span>
        <Button onClick={() => void restore(selected)}>Restore selected</Button>
        <Button onClick={() => setOpen({ dialog: 'delete', people: selected })}>Delete selected permanently</Button>
      </fieldset>
      <Table
        label="Left the class"
        columns={[
          {
            name: 'Selected',
            hidden: true,
            control: people.length > 1 && (
              <RowCheckbox label="Select everyone who left" checked={rowChoice.all} onChange={rowChoice.chooseAll} />
            ),
          },
          ...COLUMNS,
        ]}
      >
        {people.map((one) => (
          <tr key={one.id}>
            <Cell>
              <RowCheckbox
                label={`Select ${one.name}`}
                checked={chosen.has(one.id)}
                onChange={() => undefined}
                onClick={(event) => rowChoice.choose(one.id, event.currentTarget.checked, event.shiftKey)}
              />
            </Cell>
            <Cell>
              <span className="inline-block max-w-36 truncate align-bottom sm:max-w-48" title={one.name}>
                {one.name}
              </span>
            </Cell>
            <Cell figures>{one.leftAt && ago(new Date(one.leftAt), now)}</Cell>
            <Cell figures>{one.jobs}</Cell>
            <Cell figures>{one.results > 0 && `${counted(one.results, 'file')}, ${fileSize(one.bytes)}`}</Cell>
            <Cell figures>
              {one.results > 0 && (
                <a href={`/takehome?user=${one.id}`} className="px-3 text-quiet hover:text-text">
                  Files as zip
                </a>
              )}
              <Button
                tone="quiet"
                aria-label={`Restore ${one.name}`}
                disabled={busy}
                onClick={() => void restore([one])}
              >
                Restore
              </Button>
              <Button
                tone="quiet"
                aria-label={`Delete ${one.name} permanently`}
                onClick={() => setOpen({ dialog: 'delete', people: [one] })}
              >
                Delete permanently
              </Button>
            </Cell>
          </tr>
        ))}
      </Table>
      {open?.dialog === 'delete' && <DeleteDialog onlyWithWork people={open.people} onClose={close} />}
      {open?.dialog === 'restore' && <RestoreDialog people={open.people} taken={taken} onClose={close} />}
    </section>
  );
}
