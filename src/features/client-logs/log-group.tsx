import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { LogEntry } from './log-entry.tsx';
import type { LogFilter } from './use-log-filter.ts';

type LogGroupProps = { group: string; message: string; filter: LogFilter['filter']; onClose: () => void };

/** Every occurrence of one message. */
export function LogGroup({ group, message, filter, onClose }: LogGroupProps) {
  const trpc = useTRPC();
  const now = new Date(useNow());
  const entries = useInfiniteQuery(
    trpc.admin.clientLogs.list.infiniteQueryOptions(
      { ...filter, group },
      { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
    ),
  );
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Dialog title={message.slice(0, 200)} onClose={onClose} wide>
      {entries.isError && <p role="alert">{failureOf(entries.error).sentence}</p>}
      {entries.isPending && <p className="text-quiet">Loading …</p>}
      <ul aria-label="Reports" className="divide-y divide-line">
        {items.map((entry, index) => (
          <LogEntry key={entry.id} entry={entry} now={now} isOpen={index === 0} />
        ))}
      </ul>
      {entries.hasNextPage && (
        <Button className="mt-3" disabled={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Dialog>
  );
}
