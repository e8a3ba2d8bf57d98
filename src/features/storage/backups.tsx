import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { moment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

const COLUMNS = [
  { name: 'Made' },
  { name: 'Files', figures: true },
  { name: 'Size', figures: true },
  { name: 'Missing', figures: true },
];

/** Copies of the database and of every file that it names. */
export function Backups() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const now = new Date(useNow());
  const backups = useQuery(trpc.admin.backups.list.queryOptions());
  const make = useMutation(
    trpc.admin.backups.make.mutationOptions({
      onSuccess: ({ files }) => notify(`Backed up the database and ${counted(files, 'file')}.`),
      onError: (error) => notifyFailure(failureOf(error).sentence),
      onSettled: () => queryClient.invalidateQueries(trpc.admin.backups.list.queryFilter()),
    }),
  );
  return (
    <section aria-labelledby="backups" className="flex flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-3">
        <h2 id="backups" className="text-15 font-semibold">
          Backups
        </h2>
        {backups.data && (
          <Button disabled={make.isPending} onClick={() => make.mutate()}>
            {make.isPending ? 'Backing up …' : 'Back up now'}
          </Button>
        )}
      </div>
      {backups.isError && <p role="alert">{failureOf(backups.error).sentence}</p>}
      {backups.isPending && <div aria-hidden className="h-16 animate-pulse-quiet rounded bg-panel" />}
      {backups.data === null && (
        <p className="text-quiet">Backups are off. Set BACKUP_DIR to a folder on another disk and restart.</p>
      )}
      {backups.data?.length === 0 && <p className="text-quiet">The first backup is running.</p>}
      {backups.data && backups.data.length > 0 && (
        <Table label="Backups" columns={COLUMNS}>
          {backups.data.map(({ name, madeAt, files, bytes, missing }) => (
            <tr key={name}>
              <Cell>
                <span title={name}>{moment(new Date(madeAt), now)}</span>
              </Cell>
              <Cell figures>{files}</Cell>
              <Cell figures>{fileSize(bytes)}</Cell>
              <Cell figures>{missing > 0 && <span className="text-failed">{missing}</span>}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
