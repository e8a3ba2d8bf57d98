import { useQuery } from '@tanstack/react-query';
import { FileSearch } from 'lucide-react';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/button.tsx';
import { Cell, Table } from '#src/ui/table.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';

const COLUMNS = [{ name: 'File' }, { name: 'Size', figures: true }, { name: 'Changed', figures: true }];

/** Looking goes through the whole share, so it waits to be asked. */
export function Strays() {
  const trpc = useTRPC();
  const found = useQuery(trpc.admin.storage.strays.queryOptions(undefined, { enabled: false, gcTime: 0 }));
  const now = new Date();
  return (
    <section aria-labelledby="strays" className="flex flex-col items-start gap-3">
      <h2 id="strays" className="text-15 font-semibold">
        Strays
      </h2>
      <Button icon={FileSearch} disabled={found.isFetching} onClick={() => void found.refetch()}>
        Look for files that no job explains
      </Button>
      <div role="status" className="empty:hidden">
        {found.isFetching && <p className="text-quiet">Looking through the share</p>}
        {found.isError && !found.isFetching && <p>{failureOf(found.error).sentence}</p>}
        {found.data && !found.isFetching && <p>{foundWords(found.data)}</p>}
      </div>
      {found.data && found.data.strays.length > 0 && (
        <div className="w-full">
          <Table label="Strays" columns={COLUMNS}>
            {found.data.strays.map(({ path, bytes, changedAt }) => (
              <tr key={path}>
                <Cell>{path}</Cell>
                <Cell figures>{fileSize(bytes)}</Cell>
                <Cell figures>{ago(new Date(changedAt), now)}</Cell>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </section>
  );
}

type Found = { readonly strays: readonly { readonly bytes: number }[]; readonly more: boolean };

export function foundWords({ strays, more }: Found): string {
  if (strays.length === 0)
    return more
      ? 'The folders that were looked into are empty; there are more.'
      : 'There is none: a job explains every file.';
  const size = fileSize(strays.reduce((sum, { bytes }) => sum + bytes, 0));
  return `${counted(strays.length, 'file')}, ${size}.${more ? ' There are more; remove these and look again.' : ''}`;
}
