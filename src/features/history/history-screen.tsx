'use client';

import { Button } from '#src/ui/buttons/button.tsx';
import { Pick } from '#src/ui/forms/filter-controls.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { useTypedText } from '#src/ui/forms/use-typed.ts';
import { join } from '#src/ui/join.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { failureOf } from '../api-client/failure.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useQueueState } from '../jobs/jobs-cache.ts';
import { ROWS } from '../jobs/row.tsx';
import { HistoryRow } from './history-row.tsx';
import { STATUSES, useHistory, useHistoryFilter } from './use-history.ts';

/** Every job of one's own, newest first; those too that were dismissed under "Now". */
export function HistoryScreen() {
  const [filter, change] = useHistoryFilter();
  const [text, setText] = useTypedText(filter.words, (words) => change({ words }));
  const history = useHistory(filter);
  const queue = useQueueState() ?? { paused: false, intakeOpen: true };
  const now = new Date(onServerClock(useNow()));
  const jobs = history.data?.pages.flatMap(({ items }) => items);
  const narrowed = filter.status !== null || filter.words !== '';
  return (
    <main className="flex flex-col gap-4 p-4 sm:p-6">
      <div>
        <h1 className="text-20 font-semibold">All jobs</h1>
        <p className="text-quiet">Every job that you have run, newest first. Dismissed failures are here too.</p>
      </div>
      <search aria-label="Find jobs" className="flex gap-2">
        <SearchField label="Search title" value={text} onChange={setText} />
        <Pick
          label="Status"
          all="All statuses"
          value={filter.status}
          options={STATUSES}
          onPick={(status) => change({ status })}
        />
      </search>
      {history.isError && !jobs && <p role="alert">{failureOf(history.error).sentence}</p>}
      {history.isPending && <Skeleton />}
      {jobs?.length === 0 && (
        <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line p-6">
          <p className="text-15">{narrowed ? 'No jobs found.' : 'You have not run a job yet.'}</p>
          {narrowed && <Button onClick={() => change({ status: null, words: '' })}>Clear filters</Button>}
        </div>
      )}
      {jobs && (
        <ul
          aria-label="All jobs"
          aria-busy={history.isPlaceholderData}
          className={join(ROWS, history.isPlaceholderData && 'opacity-60')}
        >
          {jobs.map((job) => (
            <HistoryRow key={job.id} job={job} queue={queue} now={now} />
          ))}
        </ul>
      )}
      {history.hasNextPage && (
        <Button
          tone="quiet"
          className="self-center"
          disabled={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          {history.isFetchingNextPage ? 'Loading older jobs' : 'Show older jobs'}
        </Button>
      )}
    </main>
  );
}

/** The shape of what comes. */
function Skeleton() {
  return (
    <div role="status" aria-label="Loading jobs" className="flex flex-col rounded border border-line bg-panel">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="flex h-[52px] items-center gap-3 border-b border-line px-3 last:border-b-0">
          <span className="size-5 rounded-full bg-raised" />
          <span className="h-4 w-48 rounded bg-raised" />
        </div>
      ))}
    </div>
  );
}
