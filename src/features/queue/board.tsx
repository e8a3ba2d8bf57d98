import { useVirtualizer } from '@tanstack/react-virtual';
import { useSearchParams } from 'next/navigation';
import { type MouseEvent, useMemo, useRef, useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { useSelection } from '#src/ui/tables/use-selection.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { ALL_ALIVE, boardAddress, readBoardFilter } from './board-filter.ts';
import { BoardFilters } from './board-filters.tsx';
import { BoardRow, COLUMNS, lineHeight } from './board-row.tsx';
import { SelectedJobs } from './selected-jobs.tsx';
import { useBoard } from './use-board.ts';
import { useJobActions } from './use-job-actions.ts';

const MAX_SELECTED = 500;

/** Everybody's jobs. Only the rows on screen are rendered and loaded. */
export function Board() {
  const params = useSearchParams();
  const filter = useMemo(() => readBoardFilter(params), [params]);
  const address = boardAddress(filter);
  return (
    <section aria-labelledby="jobs" className="flex flex-col gap-3">
      <h2 id="jobs" className="text-15 font-semibold">
        All jobs
      </h2>
      <BoardFilters filter={filter} />
      <FoundJobs key={address} filter={filter} />
    </section>
  );
}

function FoundJobs({ filter }: { filter: ReturnType<typeof readBoardFilter> }) {
  const box = useRef<HTMLElement>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const board = useBoard(filter, range.first, range.last);
  const total = board.total ?? 0;
  const actions = useJobActions();
  const selection = useSelection();
  const anchor = useRef<number | null>(null);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: lineHeight,
    overscan: 10,
    onChange: ({ range: seen }) => {
      const [first, last] = [seen?.startIndex ?? 0, seen?.endIndex ?? 0];
      if (first !== range.first || last !== range.last) setRange({ first, last });
    },
  });
  const items = rows.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const isNarrowed = boardAddress(filter) !== boardAddress(ALL_ALIVE);

  const press = (index: number, id: string, { shiftKey }: MouseEvent): void => {
    const from = anchor.current;
    anchor.current = index;
    if (!shiftKey || from === null) {
      selection.toggle([id]);
      return;
    }
    board
      .idsBetween(Math.min(from, index), Math.max(from, index))
      .then(selection.add, (error: unknown) => notifyFailure(failureOf(error).sentence));
  };
  const selectAll = (): void => {
    board.allIds().then(selection.add, (error: unknown) => notifyFailure(failureOf(error).sentence));
  };

  if (board.error) return <p role="alert">{failureOf(board.error).sentence}</p>;
  if (board.total === 0)
    return (
      <p className="flex min-h-32 items-center text-quiet">
        {isNarrowed ? 'No matching jobs.' : 'No jobs are queued or on GPUs.'}
      </p>
    );
  return (
    <>
      <div className="flex min-h-8 items-center gap-3 text-quiet">
        <span className="tabular-nums">{board.total === undefined ? 'Loading …' : counted(total, 'job')}</span>
        {total > 1 && (
          <Button tone="quiet" onClick={selectAll}>
            {total > MAX_SELECTED ? `Select the first ${MAX_SELECTED}` : 'Select all'}
          </Button>
        )}
      </div>
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Rows"
        className="max-h-[60dvh] min-h-24 overflow-auto rounded border border-line bg-panel"
      >
        <table
          aria-label="All jobs"
          aria-rowcount={total + 1}
          className="w-full border-collapse text-left whitespace-nowrap"
        >
          <thead className="sticky top-0 z-10 bg-panel">
            <tr className="h-8 border-b border-line" aria-rowindex={1}>
              {COLUMNS.map(({ name, className, hidden }) => (
                <th key={name} scope="col" className={`px-2 text-12 font-normal text-quiet ${className ?? ''}`}>
                  {hidden ? <span className="sr-only">{name}</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden style={{ height: above }} />}
            {items.map(({ index }) => (
              <BoardRow
                key={board.rowAt(index)?.id ?? index}
                index={index}
                row={board.rowAt(index)}
                selected={selection.ids.has(board.rowAt(index)?.id ?? '')}
                onPress={press}
                actions={actions}
              />
            ))}
            {below > 0 && <tr aria-hidden style={{ height: below }} />}
          </tbody>
        </table>
      </section>
      {selection.ids.size > 0 && (
        <SelectedJobs ids={[...selection.ids].slice(0, MAX_SELECTED)} actions={actions} onClear={selection.clear} />
      )}
    </>
  );
}
