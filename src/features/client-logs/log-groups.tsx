import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { moment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { useDelayedDelete } from '../undo/use-delayed-delete.ts';
import { LevelLabel, SOURCE_WORDS } from './level-label.tsx';
import type { LogFilter } from './use-log-filter.ts';

const LogGroup = dynamic(() => loadPart(() => import('./log-group.tsx')).then((file) => file.LogGroup), { ssr: false });

const COLUMNS = [
  { name: 'Level' },
  { name: 'Message' },
  { name: 'Count', figures: true },
  { name: 'People', figures: true },
  { name: 'Last', figures: true },
  { name: 'Where' },
  { name: 'Browser' },
  { name: 'Actions', hidden: true },
];

/** The same message of all browsers is one row. */
export function LogGroups({ filter, isOff }: Pick<LogFilter, 'filter' | 'isOff'>) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const now = new Date(useNow());
  const { gone, take } = useDelayedDelete();
  const [open, setOpen] = useState<{ group: string; message: string } | null>(null);
  const groups = useQuery(trpc.admin.clientLogs.groups.queryOptions(filter, { placeholderData: keepPreviousData }));
  const shown = groups.data?.filter(({ group }) => !gone.has(group));
  const clear = (group: string) =>
    client.admin.clientLogs.clear
      .mutate({ group })
      .then(() => queryClient.invalidateQueries(trpc.admin.clientLogs.pathFilter()));

  return (
    <>
      {groups.isError && <p role="alert">{failureOf(groups.error).sentence}</p>}
      {groups.isPending && <div aria-hidden className="h-48 rounded border border-line bg-panel" />}
      {shown?.length === 0 && (
        <p className="text-quiet">
          {isOff
            ? 'No browser has reported anything. Errors in anyone’s tab appear here automatically.'
            : 'No matching reports.'}
        </p>
      )}
      {shown && shown.length > 0 && (
        <Table label="Messages" columns={COLUMNS}>
          {shown.map(({ group, level, message, count, people, lastAt, source, page, browser }) => (
            <tr key={group}>
              <Cell>
                <LevelLabel level={level} />
              </Cell>
              <Cell>
                <button
                  type="button"
                  title={message}
                  onClick={() => setOpen({ group, message })}
                  className="block min-h-8 max-w-[44ch] truncate text-left underline-offset-2 hover:underline pointer-coarse:min-h-10"
                >
                  {message}
                </button>
              </Cell>
              <Cell figures>{count}</Cell>
              <Cell figures>{people}</Cell>
              <Cell figures>{moment(new Date(lastAt), now)}</Cell>
              <Cell>
                <span title={page}>{`${SOURCE_WORDS[source]} ${page}`}</span>
              </Cell>
              <Cell>{browser}</Cell>
              <Cell figures>
                <IconButton
                  icon={Trash2}
                  label={`Clear “${message.slice(0, 60)}”`}
                  onClick={() => take(group, `${counted(count, 'report')} cleared.`, () => clear(group))}
                />
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {open && <LogGroup {...open} filter={filter} onClose={() => setOpen(null)} />}
    </>
  );
}
