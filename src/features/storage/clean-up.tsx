import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import type { FormEvent } from 'react';
import { counted, fileSize } from '#src/domain/measures.ts';
import { BOUNDS } from '#src/domain/settings/bounds.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { CheckField, TextField } from '#src/ui/forms/field.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { gigabytes, rulesOf } from './clean-up-rules.ts';

const COLUMNS = [
  { name: 'Name' },
  { name: 'Files', figures: true },
  { name: 'Size', figures: true },
  { name: 'From' },
  { name: 'To' },
];

const day = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

type Going = { readonly files: number; readonly bytes: number };

function wouldGo(going: readonly Going[]): string {
  if (going.length === 0) return 'Nothing to clean up with these rules.';
  const files = going.reduce((sum, one) => sum + one.files, 0);
  const bytes = going.reduce((sum, one) => sum + one.bytes, 0);
  return `${counted(files, 'file')} of ${counted(going.length, 'person', 'people')}, ${fileSize(bytes)}, would be cleaned up now.`;
}

/** The rules, what they would move to the trash now, and the button that does it. */
export function CleanUp() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settings = useQuery(trpc.admin.settings.get.queryOptions());
  // It checks all results of the class, so only on demand.
  const preview = useQuery(
    trpc.admin.storage.cleanUpPreview.queryOptions(undefined, {
      enabled: false,
      gcTime: 0,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const outcome = {
    onSettled: () => {
      void preview.refetch();
      void queryClient.invalidateQueries(trpc.admin.storage.people.queryFilter());
    },
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const change = useMutation(
    trpc.admin.settings.change.mutationOptions({
      ...outcome,
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.admin.settings.get.queryKey(), next);
        notify('Rules saved.');
      },
    }),
  );
  const undo = useMutation(
    trpc.admin.storage.undoCleanUp.mutationOptions({
      ...outcome,
      onSuccess: ({ files }) => notify(`${counted(files, 'file')} restored.`),
    }),
  );
  const cleanUp = useMutation(
    trpc.admin.storage.cleanUp.mutationOptions({
      ...outcome,
      onSuccess: ({ at, files, bytes }) =>
        notify(`${counted(files, 'file')}, ${fileSize(bytes)}, moved to trash.`, {
          label: 'Undo',
          onClick: () => undo.mutate({ at }),
        }),
    }),
  );
  const { data } = settings;
  const going = preview.data ?? [];
  const files = going.reduce((sum, one) => sum + one.files, 0);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.mutate(rulesOf(new FormData(event.currentTarget)));
  };

  return (
    <section aria-labelledby="clean-up" className="flex flex-col gap-3">
      <h2 id="clean-up" className="text-15 font-semibold">
        Clean up
      </h2>
      <p className="max-w-[72ch] text-quiet">
        Moves old results to the trash. They can be restored for one day, then their files are deleted. Favourites and
        results on the wall always stay.
      </p>
      {data && (
        <form onSubmit={submit} className="flex flex-col items-start gap-4">
          <div className="grid w-full gap-x-6 gap-y-4 sm:grid-cols-3">
            <TextField
              label="Keep for (days)"
              name="days"
              type="number"
              {...BOUNDS.keepDays}
              hint="Older results are cleaned up. Leave empty for no limit."
              defaultValue={data.keepDays ?? ''}
              className="tabular-nums"
            />
            <TextField
              label="Keep per person (GB)"
              name="most"
              type="number"
              min={gigabytes(BOUNDS.keepBytesPerParticipant.min)}
              max={gigabytes(BOUNDS.keepBytesPerParticipant.max)}
              step="any"
              hint="The oldest results beyond this are cleaned up. Leave empty for no limit."
              defaultValue={data.keepBytesPerParticipant === null ? '' : gigabytes(data.keepBytesPerParticipant)}
              className="tabular-nums"
            />
            <CheckField
              label="Clean up daily"
              hint="Otherwise only when you press the button."
              name="daily"
              defaultChecked={data.cleanUpDaily}
            />
          </div>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" disabled={change.isPending}>
              Save rules
            </Button>
            <Button icon={ListChecks} disabled={preview.isFetching} onClick={() => void preview.refetch()}>
              Preview
            </Button>
          </div>
        </form>
      )}
      <div className="flex flex-wrap items-center gap-3 empty:hidden">
        <p role="status" className="tabular-nums empty:hidden">
          {preview.isFetching && <span className="text-quiet">Calculating</span>}
          {preview.isError && !preview.isFetching && failureOf(preview.error).sentence}
          {preview.data && !preview.isFetching && wouldGo(going)}
        </p>
        {files > 0 && (
          <Button disabled={cleanUp.isPending || preview.isFetching} onClick={() => cleanUp.mutate()}>
            {`Move ${counted(files, 'file')} to trash`}
          </Button>
        )}
      </div>
      {going.length > 0 && (
        <Table label="Preview of the clean-up" columns={COLUMNS}>
          {going.map((one) => (
            <tr key={one.id}>
              <Cell>{one.name}</Cell>
              <Cell figures>{one.files}</Cell>
              <Cell figures>{fileSize(one.bytes)}</Cell>
              <Cell>{day(one.oldest)}</Cell>
              <Cell>{day(one.newest)}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
