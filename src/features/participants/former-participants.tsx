import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useEach } from './people.ts';

const DeleteDialog = dynamic(() => loadPart(() => import('./delete-dialog.tsx')).then((file) => file.DeleteDialog), {
  ssr: false,
});

const COLUMNS = [
  { name: 'Name' },
  { name: 'Left', figures: true },
  { name: 'Jobs', figures: true },
  { name: 'Results', figures: true },
  { name: 'Actions', hidden: true },
];

/** Accounts that were deleted and whose work was kept. */
export function FormerParticipants() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const left = useQuery(trpc.admin.participants.left.queryOptions(undefined, { staleTime: 0 }));
  const [deletes, setDeletes] = useState<string | null>(null);
  const { busy, each } = useEach();
  const going = left.data?.find(({ id }) => id === deletes);
  if (!left.data || left.data.length === 0) return null;
  const now = new Date();
  return (
    <section aria-labelledby="left" className="flex flex-col gap-3">
      <h2 id="left" className="text-15 font-semibold">
        Left the class
      </h2>
      <Table label="Left the class" columns={COLUMNS}>
        {left.data.map((one) => (
          <tr key={one.id}>
            <Cell>{one.name}</Cell>
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
                onClick={() => void each([one], (id) => client.admin.participants.restore.mutate({ id }))}
              >
                Restore
              </Button>
              <Button tone="quiet" aria-label={`Delete ${one.name} permanently`} onClick={() => setDeletes(one.id)}>
                Delete permanently
              </Button>
            </Cell>
          </tr>
        ))}
      </Table>
      {going && <DeleteDialog onlyWithWork people={[going]} onClose={() => setDeletes(null)} />}
    </section>
  );
}
