import { X } from 'lucide-react';
import dynamic from 'next/dynamic';
import { phaseWords } from '#src/domain/messages/phase-words.ts';
import type { QueueState } from '#src/domain/messages/queue-words.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { CancelButton } from './cancel-button.tsx';
import { InputThumb } from './input-thumb.tsx';
import { signOf } from './job-sign.ts';
import type { Job } from './jobs-cache.ts';
import { LivePreview } from './live-preview.tsx';
import { Progress } from './progress.tsx';
import { Row } from './row.tsx';
import { Warnings } from './warnings.tsx';

const JobPreviews = dynamic(() => loadPart(() => import('./job-previews.tsx')).then((file) => file.JobPreviews), {
  ssr: false,
});

type JobRowProps = {
  job: Job;
  queue: QueueState;
  /** Completed, and shown until it is dismissed: it has previews or warnings. */
  stays: boolean;
  /** The only one that renders. */
  alone: boolean;
  /** It faded out. */
  onLeft: () => void;
  /** Dismissed by the person. */
  onDismiss: () => void;
  onOpen: (resultId: string) => void;
};

/** A job that has not failed. */
export function JobRow({ job, queue, stays, alone, onLeft, onDismiss, onOpen }: JobRowProps) {
  const now = onServerClock(useNow());
  const { words, aside, detail } = phaseWords(job, now, queue.paused);
  const title = job.title || 'Untitled';
  const isAlive = job.endedAt === null;
  const isRendering = job.phase === 'rendering';
  const input = <InputThumb input={job.input} />;
  const body = (detail !== null || (isRendering && alone) || job.previews.length > 0 || job.warnings.length > 0) && (
    <>
      {detail && <p className="text-quiet">{detail}</p>}
      {isRendering && alone && <LivePreview jobId={job.id} title={title} className="h-32 sm:h-40" />}
      {job.previews.length > 0 && <JobPreviews title={title} previews={job.previews} onOpen={onOpen} />}
      {job.phase !== 'waiting' && <Warnings warnings={job.warnings} />}
    </>
  );
  return (
    <Row
      {...signOf(job, queue.paused)}
      label={title}
      title={title}
      promptSnippet={job.promptSnippet}
      media={
        isRendering && !alone ? (
          <LivePreview jobId={job.id} title={title} className="h-10 w-14" fallback={input} />
        ) : (
          input
        )
      }
      words={words}
      aside={[aside, isAlive && job.endpoint].filter(Boolean).join(' · ') || null}
      body={body}
      edge={isAlive && <Progress job={job} />}
      leaving={isAlive || stays ? undefined : job.phase === 'done' ? 'late' : 'soon'}
      onLeft={onLeft}
      actions={
        isAlive ? (
          <CancelButton id={job.id} />
        ) : (
          stays && <IconButton icon={X} label="Dismiss" onClick={onDismiss} className="-mr-1" />
        )
      }
    />
  );
}
