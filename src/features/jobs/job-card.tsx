import {
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clapperboard,
  Download,
  HardDrive,
  Hourglass,
  type LucideIcon,
  Pause,
  Power,
  Send,
  X,
} from 'lucide-react';
import dynamic from 'next/dynamic';
import type { Phase } from '#src/domain/jobs/phase.ts';
import { ADVICE, isHeldUp, phaseWords } from '#src/domain/messages/phase-words.ts';
import { type QueueState, queueStateWords } from '#src/domain/messages/queue-words.ts';
import { nodeErrorLines, stoppedNodeLines } from '#src/domain/workflow/node-error-words.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { Card } from './card.tsx';
import { useCancel, useRetry } from './job-actions.ts';
import type { Job } from './jobs-cache.ts';
import { LivePreview } from './live-preview.tsx';
import { Progress } from './progress.tsx';
import { Warnings } from './warnings.tsx';

const JobPreviews = dynamic(() => loadPart(() => import('./job-previews.tsx')).then((file) => file.JobPreviews), {
  ssr: false,
});

type Sign = { icon: LucideIcon; iconClass: string };

const SIGNS: Record<Phase, Sign> = {
  waiting: { icon: Hourglass, iconClass: 'text-quiet' },
  sent: { icon: Send, iconClass: 'text-waking' },
  waking: { icon: Power, iconClass: 'text-waking animate-pulse-quiet' },
  rendering: { icon: Clapperboard, iconClass: 'text-accent animate-pulse-quiet' },
  delivering: { icon: Download, iconClass: 'text-accent' },
  done: { icon: CircleCheck, iconClass: 'text-done' },
  failed: { icon: CircleAlert, iconClass: 'text-failed' },
  cancelled: { icon: CircleSlash, iconClass: 'text-quiet' },
};

const HELD_UP: Sign = { icon: HardDrive, iconClass: 'text-accent' };
const PAUSED: Sign = { icon: Pause, iconClass: 'text-quiet' };

function signOf(job: Job, paused: boolean): Sign {
  if (isHeldUp(job)) return HELD_UP;
  return paused && job.phase === 'waiting' ? PAUSED : SIGNS[job.phase];
}

type JobCardProps = {
  job: Job;
  /** Completed, and shown until it is dismissed: it has previews or warnings. */
  stays: boolean;
  queue: QueueState;
  /** It faded out, or there is a newer attempt. */
  onAway: () => void;
  /** Dismissed by the person. */
  onDismiss: () => void;
  onOpen: (resultId: string) => void;
};

export function JobCard({ job, stays, queue, onAway, onDismiss, onOpen }: JobCardProps) {
  const now = onServerClock(useNow());
  const { words, aside, detail } = phaseWords(job, now, queue.paused);
  const { icon, iconClass } = signOf(job, queue.paused);
  const title = job.title || 'Untitled';
  const isRendering = job.phase === 'rendering';
  const body = (isRendering || job.previews.length > 0 || job.warnings.length > 0) && (
    <>
      {isRendering && <LivePreview jobId={job.id} title={title} />}
      {job.previews.length > 0 && <JobPreviews title={title} previews={job.previews} onOpen={onOpen} />}
      <Warnings warnings={job.warnings} />
    </>
  );
  const shared = { title, icon, iconClass, words, detail, body };
  const dismiss = <IconButton icon={X} label="Dismiss" onClick={onDismiss} className="-mt-1 -mr-1" />;
  switch (job.phase) {
    case 'done':
      return stays ? <Card {...shared} corner={dismiss} /> : <Card {...shared} leaving="late" onLeft={onAway} />;
    case 'cancelled':
      return <Card {...shared} leaving="soon" onLeft={onAway} />;
    case 'failed':
      return (
        <Card
          {...shared}
          {...faultsOf(job)}
          advice={job.reason ? ADVICE[job.reason] : undefined}
          corner={dismiss}
          actions={!isRejected(job) && <RetryButtons job={job} queue={queue} onAway={onAway} />}
        />
      );
    case 'waiting':
    case 'sent':
    case 'waking':
    case 'rendering':
    case 'delivering':
      return (
        <Card
          {...shared}
          aside={[aside, job.endpoint].filter(Boolean).join(' · ') || null}
          edge={<Progress job={job} />}
          corner={<CancelButton id={job.id} />}
        />
      );
  }
}

/** A rejected graph shows its node errors as a list; for a node that failed while running the sentence is enough. */
function faultsOf({ reason, nodeErrors }: Job): { lines: string[] } | { more: string[] } {
  const faults = nodeErrors ?? {};
  return reason === 'execution_error' ? { more: stoppedNodeLines(faults) } : { lines: nodeErrorLines(faults) };
}

function CancelButton({ id }: { id: string }) {
  const cancel = useCancel();
  const busy = cancel.isPending || cancel.isSuccess;
  return (
    <Button tone="quiet" className="-mt-1 -mr-2" disabled={busy} onClick={() => cancel.mutate({ id })}>
      {busy ? 'Cancelling' : 'Cancel'}
    </Button>
  );
}

/** The same graph would be rejected again, after a GPU was started for it. What is available instead is in the lines. */
const isRejected = ({ reason }: Job): boolean => reason === 'invalid_graph' || reason === 'rejected_by_worker';

function RetryButtons({ job, queue, onAway }: Pick<JobCardProps, 'job' | 'queue' | 'onAway'>) {
  const retry = useRetry((newId) => newId !== job.id && onAway());
  const cannot = {
    disabled: retry.isPending || !queue.intakeOpen,
    ...(!queue.intakeOpen && { title: queueStateWords(queue) ?? '' }),
  };
  return (
    <>
      <Button {...cannot} onClick={() => retry.mutate({ id: job.id })}>
        Try again
      </Button>
      <Button {...cannot} onClick={() => retry.mutate({ id: job.id, newSeed: true })}>
        New seed
      </Button>
    </>
  );
}
