import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { LogEntry, type LogEntryView } from './log-entry.tsx';
import type { LogFilter } from './use-log-filter.ts';

const MAX_SHOWN = 100;

/** The newest reports, live. Scrolling down to read is not interrupted. */
export function LogTail({ filter }: Pick<LogFilter, 'filter'>) {
  const trpc = useTRPC();
  const now = new Date(useNow());
  const box = useRef<HTMLElement>(null);
  const [held, setHeld] = useState<readonly LogEntryView[] | null>(null);
  const newest = useQuery(
    trpc.admin.clientLogs.list.queryOptions({ ...filter, limit: MAX_SHOWN }, { placeholderData: keepPreviousData }),
  );
  const items = newest.data?.items ?? [];
  const top = held?.[0]?.id;
  const waiting = top === undefined ? 0 : items.filter(({ id }) => id > top).length;

  return (
    <section aria-labelledby="tail" className="flex flex-col gap-3">
      <div className="flex min-h-10 flex-wrap items-center gap-3">
        <h2 id="tail" className="text-15 font-semibold">
          Live
        </h2>
        {held && (
          <>
            <span className="text-quiet tabular-nums">
              {waiting === 0 ? 'Paused' : `Paused: ${counted(waiting, 'new one', 'new ones')}`}
            </span>
            <Button
              onClick={() => {
                setHeld(null);
                box.current?.scrollTo({ top: 0 });
              }}
            >
              Resume
            </Button>
          </>
        )}
      </div>
      {newest.isError && <p role="alert">{failureOf(newest.error).sentence}</p>}
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be in reach of the keyboard
        tabIndex={0}
        aria-label="Newest reports"
        onScroll={({ currentTarget }) => {
          if (currentTarget.scrollTop <= 0) setHeld(null);
          else setHeld((before) => before ?? items);
        }}
        className="max-h-[40dvh] min-h-24 overflow-y-auto rounded border border-line bg-panel"
      >
        {newest.data && items.length === 0 && <p className="px-3 py-2 text-quiet">No reports yet.</p>}
        <ul className="divide-y divide-line">
          {(held ?? items).map((entry) => (
            <LogEntry key={entry.id} entry={entry} now={now} isOpen={false} />
          ))}
        </ul>
      </section>
    </section>
  );
}
