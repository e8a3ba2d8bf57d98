import { Images } from 'lucide-react';
import Link from 'next/link';
import { counted } from '#src/domain/measures.ts';
import { phaseWords, tookWords } from '#src/domain/messages/phase-words.ts';
import type { QueueState } from '#src/domain/messages/queue-words.ts';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { shortMoment } from '#src/ui/time/moment.ts';
import { notify } from '#src/ui/toasts/notify.ts';
import { CancelButton } from '../jobs/cancel-button.tsx';
import { FailedRow } from '../jobs/failed-row.tsx';
import { InputThumb } from '../jobs/input-thumb.tsx';
import { signOf } from '../jobs/job-sign.ts';
import type { Job } from '../jobs/jobs-cache.ts';
import { TryAgain } from '../jobs/retry-buttons.tsx';
import { Row } from '../jobs/row.tsx';

/** "14:02 · after 3:05 (1:20 rendering)"; without a time that is none. */
function whenOf(job: Job, now: Date): string {
  const when = shortMoment(new Date(job.endedAt ?? job.createdAt), now);
  const took = tookWords(job);
  return took === null || took === '0:00' ? when : `${when} · after ${took}`;
}

type HistoryRowProps = { job: Job; queue: QueueState; now: Date };

/** One of all jobs: how it ended or how far it is, when, and how many files it made. */
export function HistoryRow({ job, queue, now }: HistoryRowProps) {
  const title = job.title || 'Untitled';
  const onAgain = (): void => notify(`Queued again: ${title}`);
  const files = job.results.length > 0 && <FilesLink job={job} title={title} />;
  if (job.phase === 'failed')
    return (
      <FailedRow jobs={[job]} queue={queue} whenOf={(failed) => whenOf(failed, now)} onAgain={onAgain} more={files} />
    );
  const { words, aside } = phaseWords(job, now.getTime(), queue.paused);
  const isAlive = job.endedAt === null;
  return (
    <Row
      {...signOf(job, queue.paused)}
      label={title}
      title={title}
      promptSnippet={job.promptSnippet}
      media={<InputThumb input={job.input} />}
      words={words}
      {...(!isAlive && { when: shortMoment(new Date(job.endedAt ?? job.createdAt), now) })}
      aside={isAlive ? aside : null}
      actions={
        <>
          {files}
          {isAlive ? (
            <CancelButton id={job.id} />
          ) : (
            job.canRetry && <TryAgain jobs={[job]} queue={queue} onAgain={onAgain} label="Run again" small />
          )}
        </>
      }
    />
  );
}

function FilesLink({ job, title }: { job: Job; title: string }) {
  return (
    <Link
      href={`/?job=${encodeURIComponent(job.id)}`}
      prefetch={false}
      aria-label={`${counted(job.results.length, 'file')} of ${title}`}
      className={buttonClass('quiet', 'tabular-nums')}
    >
      <Images size={16} aria-hidden />
      {job.results.length}
    </Link>
  );
}
