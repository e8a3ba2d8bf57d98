import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { QueueState } from '#src/domain/messages/queue-words.ts';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { notify } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { JobCard } from './job-card.tsx';
import { type Job, useJobLists, useQueueState } from './jobs-cache.ts';
import { nowJobs, stayingJob } from './now-jobs.ts';
import { QueueStateNote } from './queue-state-note.tsx';
import { SubmissionCard } from './submission-card.tsx';
import type { Submissions } from './submissions.ts';

const CARDS_SHOWN = 8;
const DISMISSED_KEPT = 200;
const OPEN: QueueState = { paused: false, intakeOpen: true };

type NowStripProps = {
  sending: Submissions;
  button: ReactNode;
  /** Shown once there are jobs. */
  prompt: ReactNode;
  onOpen: (resultId: string) => void;
};

/** One card per job that is active, has just ended, or has failed and was not dismissed. */
export function NowStrip({ sending, button, prompt, onOpen }: NowStripProps) {
  const { alive, recent, isPending, error } = useJobLists();
  const queue = useQueueState() ?? OPEN;
  const now = onServerClock(useNow());
  const [seenAlive, setSeenAlive] = useState<ReadonlySet<string>>(new Set());
  const [dismissed, setDismissed] = useStored('comfyume.dismissed-jobs', '');
  const [all, setAll] = useState(false);

  useEffect(() => {
    if (alive.length > 0) setSeenAlive((seen) => new Set([...seen, ...alive.map((job) => job.id)]));
  }, [alive]);

  const away = dismissed.split(' ');
  const hide = (id: string): void => setDismissed([id, ...away].slice(0, DISMISSED_KEPT).join(' '));
  // The message with Undo outlives this render: what is dismissed meanwhile stays dismissed.
  const latest = useRef(dismissed);
  useEffect(() => {
    latest.current = dismissed;
  }, [dismissed]);
  const show = (id: string): void => {
    const others = latest.current.split(' ').filter((each) => each !== id);
    setDismissed(others.join(' '));
  };
  const dismiss = ({ id, title }: Job): void => {
    hide(id);
    notify(`Dismissed: ${title || 'Untitled'}`, { label: 'Undo', onClick: () => show(id) });
  };
  const staying = stayingJob(recent);
  const jobs = nowJobs({ alive, recent, seenAlive, staying, away: new Set(away), now });
  const shown = all ? jobs : jobs.slice(0, CARDS_SHOWN);
  const empty = jobs.length === 0 && sending.submissions.length === 0;
  const [hadCards, setHadCards] = useState(false);
  if (!empty && !hadCards) setHadCards(true);

  return (
    <section aria-labelledby="now" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex grow basis-0 flex-wrap items-baseline gap-x-3 whitespace-nowrap">
          <h2 id="now" className="text-20 font-semibold">
            Now
          </h2>
          {empty && !error && <p className="text-quiet">{isPending ? 'Loading your jobs' : 'Nothing is running.'}</p>}
        </div>
        {(alive.length > 0 || recent.length > 0 || sending.submissions.length > 0) && prompt}
        {button}
      </div>
      <QueueStateNote queue={queue} />
      {error ? <p role="alert">{failureOf(error).sentence}</p> : null}
      {/* Once there was a card its space stays: nothing moves when the last one goes. */}
      <div className={join(!hadCards && 'hidden', 'min-h-[86px]')}>
        <ul
          aria-label="Jobs"
          className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,300px),1fr))] items-start gap-2 empty:hidden"
        >
          {shown.map((job) => (
            <JobCard
              key={job.id}
              job={job}
              stays={job.id === staying}
              queue={queue}
              onAway={() => hide(job.id)}
              onDismiss={() => dismiss(job)}
              onOpen={onOpen}
            />
          ))}
          {sending.submissions.map((submission) => (
            <SubmissionCard
              key={submission.requestId}
              submission={submission}
              onAgain={() => sending.sendAgain(submission)}
              onDismiss={() => sending.drop(submission.requestId)}
            />
          ))}
        </ul>
      </div>
      {jobs.length > CARDS_SHOWN && (
        <Button tone="quiet" className="self-start" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${jobs.length}`}
        </Button>
      )}
    </section>
  );
}
