import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { counted, fileSize } from '#src/domain/measures.ts';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { zipAddress } from './zip-address.ts';

const COLUMNS = [
  { name: 'Name' },
  { name: 'Files', figures: true },
  { name: 'Size', figures: true },
  { name: 'Actions', hidden: true },
];

/** Everything of the class, one archive per person. Interrupted downloads can be resumed. */
export function People() {
  const trpc = useTRPC();
  const people = useQuery(trpc.admin.storage.people.queryOptions());
  const bytes = people.data?.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
  const files = people.data?.reduce((sum, one) => sum + one.files, 0) ?? 0;
  return (
    <section aria-labelledby="people" className="flex flex-col gap-3">
      <h2 id="people" className="text-15 font-semibold">
        Files by participant
      </h2>
      {people.isError && <p role="alert">{failureOf(people.error).sentence}</p>}
      {people.isPending && <div aria-hidden className="h-96 animate-pulse-quiet rounded bg-panel" />}
      {people.data?.length === 0 && <p className="text-quiet">No participants yet.</p>}
      {people.data && people.data.length > 0 && (
        <>
          <p className="text-quiet tabular-nums">{`${counted(files, 'file')}, ${fileSize(bytes)} in total.`}</p>
          <Table label="Files by participant" columns={COLUMNS}>
            {people.data.map((one) => (
              <tr key={one.id}>
                <Cell>
                  <span title={one.name} className="block max-w-36 truncate sm:max-w-60">
                    {one.name}
                  </span>
                </Cell>
                <Cell figures>{one.files || ''}</Cell>
                <Cell figures>{one.files > 0 && fileSize(one.bytes)}</Cell>
                <Cell figures>
                  {one.files > 0 && (
                    <a
                      href={zipAddress(one.id, Intl.DateTimeFormat().resolvedOptions().timeZone)}
                      download
                      aria-label={`Download everything of ${one.name}`}
                      className={buttonClass('quiet')}
                    >
                      <Download size={16} aria-hidden />
                      Zip
                    </a>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        </>
      )}
    </section>
  );
}
