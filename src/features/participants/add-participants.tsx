import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { FormEvent } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { TextArea } from '#src/ui/forms/field.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import type { Card } from './cards.ts';
import { decodeText, type RosterRow, readRoster } from './roster.ts';

type AddParticipantsProps = {
  /** Keys of the names that there are. */
  taken: ReadonlySet<string>;
  /** What was typed is kept when the dialog is closed. */
  text: string;
  onText: (text: string) => void;
  onAdded: (added: readonly Card[]) => void;
  onClose: () => void;
};

/** Previews the accounts to create, with errors, before any is created. */
export function AddParticipants({ taken, text, onText, onAdded, onClose }: AddParticipantsProps) {
  const trpc = useTRPC();
  const create = useMutation(trpc.admin.participants.create.mutationOptions({ onSuccess: onAdded }));
  const roster = useQuery({
    queryKey: ['roster', text, [...taken]],
    queryFn: () => readRoster(text, taken),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  const rows = roster.data ?? [];
  const valid = rows.filter(({ fault }) => fault === null).length;
  const wrong = rows.length - valid;
  const ready = rows.length > 0 && wrong === 0 && !roster.isPlaceholderData && !roster.isError;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready)
      create.mutate({ names: rows.map(({ name, waitingCap, inFlightCap }) => ({ name, waitingCap, inFlightCap })) });
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (file) onText(decodeText(await file.arrayBuffer()));
  };

  return (
    <Dialog wide title="Add participants" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextArea
          label="Names"
          rows={6}
          required
          autoFocus
          value={text}
          onChange={(event) => onText(event.target.value)}
          hint="One name per line, a pattern such as film01..film20, or a table (CSV) with a column “name” and optional columns “waitingCap” and “inFlightCap”."
          error={create.isError ? failureOf(create.error).sentence : null}
        />
        <label className="flex flex-wrap items-center gap-2">
          Or from a file
          <input
            type="file"
            accept=".csv,.txt,text/csv,text/plain"
            className="text-quiet file:mr-2 file:rounded file:border file:border-edge/60 file:bg-panel file:px-3 file:py-1.5 file:text-text"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        </label>
        {roster.isError && (
          <p role="alert" className="text-failed">
            This table cannot be read: {roster.error.message}
          </p>
        )}
        {rows.length > 0 && <Preview rows={rows} />}
        <div className="flex flex-wrap items-center justify-end gap-3">
          <p role="status" className="text-failed">
            {wrong > 0 && `Fix ${counted(wrong, 'line')} to continue.`}
          </p>
          <Button type="submit" tone="accent" disabled={create.isPending || !ready}>
            {valid === 0 ? 'Add' : `Add ${counted(valid, 'participant')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const COLUMNS = [
  { name: 'Line', figures: true },
  { name: 'Name' },
  { name: 'Check' },
  { name: 'Queued', figures: true },
  { name: 'On GPUs', figures: true },
];

function Preview({ rows }: { rows: readonly RosterRow[] }) {
  return (
    <Table label="Preview" columns={COLUMNS}>
      {rows.map(({ line, name, waitingCap, inFlightCap, fault }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand there twice
        <tr key={index}>
          <Cell figures>{line}</Cell>
          <Cell>{name}</Cell>
          <Cell>
            {fault === null ? (
              <StatusLabel icon={CircleCheck} iconClass="text-done">
                New
              </StatusLabel>
            ) : (
              <StatusLabel icon={CircleAlert} iconClass="text-failed">
                {fault}
              </StatusLabel>
            )}
          </Cell>
          <Cell figures>{waitingCap}</Cell>
          <Cell figures>{inFlightCap}</Cell>
        </tr>
      ))}
    </Table>
  );
}
