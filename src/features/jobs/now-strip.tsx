import { History } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { type ReactNode, useEffect } from 'react';
import type { QueueState } from '#src/domain/messages/queue-words.ts';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { failureOf } from '../api-client/failure.ts';
import { type Job, useJobLists, useQueueState } from './jobs-cache.ts';
import { QueueStateNote } from './queue-state-note.tsx';
import type { Submissions } from './submissions.ts';

const loadQueue = () => loadPart(() => import('./job-queue.tsx')).then((file) => file.JobQueue);
const JobQueue = dynamic(loadQueue, { ssr: false });

const OPEN: QueueState = { paused: false, intakeOpen: true };

function summary(alive: readonly Job[]): string {
  const queued = alive.filter(({ status }) => status === 'queued').length;
  const running = alive.length - queued;
  if (alive.length === 0) return 'Nothing is running.';
  return [running > 0 && `${running} running`, queued > 0 && `${queued} queued`].filter(Boolean).join(', ');
}

type NowStripProps = {
  sending: Submissions;
  button: ReactNode;
  /** Shown once there are jobs. */
  prompt: ReactNode;
  onOpen: (resultId: string) => void;
};

/** What is happening now: how much, and the queue. */
export function NowStrip({ sending, button, prompt, onOpen }: NowStripProps) {
  const { alive, recent, isPending, error } = useJobLists();
  const queue = useQueueState() ?? OPEN;
  const hasJobs = alive.length + recent.length + sending.submissions.length > 0;

  // Beside the first reading of jobs, not after it. A failure here shows when it is rendered.
  useEffect(() => void loadQueue().catch(() => undefined), []);

  return (
    <section aria-labelledby="now" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 max-sm:gap-x-1">
        <div className="flex grow basis-0 flex-wrap items-baseline gap-x-3 whitespace-nowrap max-sm:flex-col">
          <h2 id="now" className="text-20 font-semibold">
            Now
          </h2>
          {!error && <p className="text-quiet tabular-nums">{isPending ? 'Loading your jobs' : summary(alive)}</p>}
        </div>
        {hasJobs && prompt}
        {hasJobs && (
          <Link href="/history" prefetch={false} className={buttonClass('quiet', 'max-sm:min-w-10')}>
            <History size={16} aria-hidden />
            <span className="max-sm:sr-only">All jobs</span>
          </Link>
        )}
        {button}
      </div>
      <QueueStateNote queue={queue} />
      {error ? <p role="alert">{failureOf(error).sentence}</p> : null}
      {hasJobs && <JobQueue sending={sending} queue={queue} onOpen={onOpen} />}
    </section>
  );
}
