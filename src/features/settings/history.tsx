import { useQuery } from '@tanstack/react-query';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { moment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { settingWords } from './setting-words.ts';

const COLUMNS = [{ name: 'When' }, { name: 'Who' }, { name: 'New value' }];

/** Who has set what, newest first. */
export function History() {
  const trpc = useTRPC();
  const now = new Date(useNow());
  const history = useQuery(trpc.admin.settings.history.queryOptions());
  return (
    <section aria-labelledby="history" className="flex flex-col gap-3">
      <h2 id="history" className="text-15 font-semibold">
        Changes
      </h2>
      {history.isError && <p role="alert">{failureOf(history.error).sentence}</p>}
      {history.data?.length === 0 && <p className="text-quiet">No changes yet.</p>}
      {history.data && history.data.length > 0 && (
        <Table label="Settings history" columns={COLUMNS}>
          {history.data.map(({ id, at, by, changed }) => (
            <tr key={id}>
              <Cell>
                <span className="tabular-nums">{moment(new Date(at), now)}</span>
              </Cell>
              <Cell>{by}</Cell>
              <Cell>
                {Object.entries(changed)
                  .map(([key, value]) => settingWords(key, value))
                  .join(' · ')}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
