import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { counted, fileSize } from '#src/domain/measures.ts';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { startedText, usePrepared } from '../results/downloads/use-prepared.ts';
import { zipAddress } from './zip-address.ts';

const COLUMNS = [
  { name: 'Name' },
  { name: 'Files', figures: true },
  { name: 'Size', figures: true },
  { name: 'Actions', hidden: true },
];

/** Everything of the class, in one archive or one per person. Interrupted downloads can be resumed. */
export function People() {
  const trpc = useTRPC();
  const people = useQuery(trpc.admin.storage.people.queryOptions());
  const { state, start } = usePrepared();
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
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p className="text-quiet tabular-nums">{`${counted(files, 'file')}, ${fileSize(bytes)} in total.`}</p>
            <Button
              icon={Download}
              className="ml-auto"
              title="One zip file with a folder for each person"
              disabled={files === 0 || state.type === 'preparing'}
              onClick={() => start({ type: 'class' })}
            >
              {state.type === 'preparing' ? 'Preparing' : 'Download all'}
            </Button>
          </div>
          <p role="status" className="text-quiet empty:hidden">
            {state.type === 'preparing' && 'Contact sheets with many pictures take a moment.'}
            {state.type === 'started' && startedText(state.archive)}
          </p>
          <p role="alert" className="text-failed empty:hidden">
            {state.type === 'failed' && state.sentence}
          </p>
          <Table label="Files by participant" columns={COLUMNS}>
            {people.data.map((one) => (
              <tr key={one.id}>
                <Cell>
                  <span title={one.name} className="inline-block max-w-36 truncate align-bottom sm:max-w-60">
                    {one.name}
                  </span>
                  {one.left && <span className="text-quiet"> (left)</span>}
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
