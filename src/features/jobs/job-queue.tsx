import { useEffect, useRef, useState } from 'react';
import { nowRows } from '#src/domain/jobs/now-rows.ts';
import { counted } from '#src/domain/measures.ts';
import type { QueueState } from '#src/domain/messages/queue-words.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { shortMoment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { notify } from '#src/ui/toasts/notify.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { FailedRow } from './failed-row.tsx';
import { JobRow } from './job-row.tsx';
import { type Job, useJobLists } from './jobs-cache.ts';
import { nowJobs, stayingJob } from './now-jobs.ts';
import { ROWS } from './row.tsx';
import { SubmissionRow } from './submission-row.tsx';
import type { Submission, Submissions } from './submissions.ts';
import { useDismissed } from './use-dismissed.ts';

/** Of what waits, and of what has ended, until all are asked for. What runs is shown always. */
const ROWS_SHOWN = 3;

type JobQueueProps = { sending: Submissions; queue: QueueState; onOpen: (resultId: string) => void };

/** A row for each job that is active, has just ended, or has failed and was not dismissed. */
export function JobQueue({ sending, queue, onOpen }: JobQueueProps) {
  const { alive, recent } = useJobLists();
  const now = onServerClock(useNow());
  const dismissed = useDismissed();
  const [seenAlive, setSeenAlive] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    if (alive.length > 0) setSeenAlive((seen) => new Set([...seen, ...alive.map((job) => job.id)]));
  }, [alive]);

  const staying = stayingJob(recent);
  const jobs = nowJobs({ alive, recent, seenAlive, staying, away: new Set(dismissed.ids), now });
  const { running, waiting, ended } = nowRows(jobs);
  const failed = jobs.filter(({ phase }) => phase === 'failed');
  const beingSent = sending.submissions.filter(({ failure }) => failure === null);
  const notSent = sending.submissions.filter(({ failure }) => failure !== null);
  const hidden = Math.max(0, waiting.length - ROWS_SHOWN) + Math.max(0, notSent.length + ended.length - ROWS_SHOWN);
  const few = <T,>(rows: readonly T[], taken = 0): readonly T[] =>
    all ? rows : rows.slice(0, Math.max(0, ROWS_SHOWN - taken));

  const [hadRows, setHadRows] = useState(false);
  if (!hadRows && jobs.length + sending.submissions.length > 0) setHadRows(true);
  if (!hadRows) return null;

  const dismiss = (some: readonly Job[], rejected: readonly Submission[] = []): void => {
    const ids = some.map(({ id }) => id);
    const [first] = some;
    dismissed.hide(ids);
    for (const { requestId } of rejected) sending.drop(requestId);
    // The button that was pressed is gone: who uses the keyboard goes on from here.
    list.current?.focus();
    const count = some.length + rejected.length;
    notify(
      count === 1 && first ? `Dismissed: ${first.title || 'Untitled'}` : `Dismissed: ${counted(count, 'failure')}`,
      {
        label: 'Undo',
        onClick: () => {
          dismissed.show(ids);
          sending.restore(rejected);
        },
      },
    );
  };
  const rowOf = ({ key, jobs }: (typeof ended)[number]) => {
    const [job] = jobs;
    return job.phase === 'failed' ? (
      <FailedRow
        key={key}
        jobs={jobs}
        queue={queue}
        whenOf={({ endedAt, createdAt }) => shortMoment(new Date(endedAt ?? createdAt), new Date(now))}
        onAgain={(id) => dismissed.hide([id])}
        onDismiss={(some) => dismiss(some)}
      />
    ) : (
      <JobRow
        key={key}
        job={job}
        queue={queue}
        stays={job.id === staying}
        alone={running.filter(({ jobs: [{ phase }] }) => phase === 'rendering').length === 1}
        onLeft={() => dismissed.hide([job.id])}
        onDismiss={() => dismiss([job])}
        onOpen={onOpen}
      />
    );
  };
  const submissionOf = (submission: Submission) => (
    <SubmissionRow
      key={submission.requestId}
      submission={submission}
      onAgain={() => sending.sendAgain(submission)}
      onDismiss={() => dismiss([], [submission])}
    />
  );

  return (
    <>
      {/* Once there was a row its space stays: nothing moves when the last one goes. */}
      <div className="min-h-[54px]">
        <ul ref={list} tabIndex={-1} aria-label="Jobs" className={ROWS}>
          {running.map(rowOf)}
          {few(waiting).map(rowOf)}
          {beingSent.slice(0, ROWS_SHOWN).map(submissionOf)}
          {few(notSent).map(submissionOf)}
          {few(ended, notSent.length).map(rowOf)}
        </ul>
      </div>
      <div className={join('flex flex-wrap gap-2', hidden === 0 && failed.length < 2 && 'hidden')}>
        {(hidden > 0 || all) && (
          <Button tone="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${running.length + waiting.length + ended.length + notSent.length}`}
          </Button>
        )}
        {failed.length + notSent.length > 1 && (
          <Button tone="quiet" onClick={() => dismiss(failed, notSent)}>
            {`Dismiss all ${failed.length + notSent.length} failures`}
          </Button>
        )}
      </div>
    </>
  );
}
