'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowUpToLine, RotateCcw, Undo2, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { phaseName } from '#src/domain/messages/phase-words.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { Warnings } from '../jobs/warnings.tsx';
import { boardAddress } from './board-filter.ts';
import { duplicateWords } from './duplicate-words.ts';
import { JobAttempts } from './job-attempts.tsx';
import { filesOf, JobFiles } from './job-files.tsx';
import { JobGraph } from './job-graph.tsx';
import { JobLive } from './job-live.tsx';
import { LINK, type Story } from './job-story.ts';
import { JobTimeline } from './job-timeline.tsx';
import { JobTimings } from './job-timings.tsx';
import { REFRESH_MS } from './queue-panel.tsx';
import { useJobActions } from './use-job-actions.ts';

const day = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

/** One job's whole story. */
export function JobScreen({ id }: { id: string }) {
  const trpc = useTRPC();
  const story = useQuery(
    trpc.admin.queue.story.queryOptions(
      { id },
      { refetchInterval: ({ state }) => (state.data?.job.endedAt === null ? REFRESH_MS : false) },
    ),
  );
  if (story.error && !story.data) {
    const { code, sentence } = failureOf(story.error);
    return (
      <>
        <h1 className="text-20 font-semibold">
          {code === 'not_found' ? 'Job not found' : 'This job could not be loaded'}
        </h1>
        {code !== 'not_found' && <p role="alert">{sentence}</p>}
        <p>
          <Link href="/admin/queue" className={LINK}>
            Go to the queue
          </Link>
        </p>
      </>
    );
  }
  if (!story.data) return <p role="status">Loading …</p>;
  return <LoadedJob story={story.data} />;
}

function LoadedJob({ story: { job, owner, priority, spans, attempts, duplicates, story } }: { story: Story }) {
  const title = job.title || 'Untitled';
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-20 font-semibold">{title}</h1>
          <p className="text-quiet">
            <Link href={boardAddress({ userId: owner.id })} prefetch={false} className={LINK}>
              {owner.name}
            </Link>
            {`, ${day(job.createdAt)} · ${job.id}`}
          </p>
        </div>
        <JobActions job={job} priority={priority} />
      </header>
      <section aria-labelledby="state" className="flex flex-col gap-3">
        <h2 id="state" className="text-15 font-semibold">
          <span role="status">{phaseName(job)}</span>
        </h2>
        <Warnings warnings={job.warnings} />
        {job.message && <p className={job.phase === 'failed' ? 'text-failed' : 'text-quiet'}>{job.message}</p>}
        {job.phase === 'rendering' && <JobLive job={job} />}
        <JobTimings spans={spans} />
      </section>
      <Part name="Timeline">
        <JobTimeline job={job} story={story} />
      </Part>
      <Part name={attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}>
        {attempts.length === 0 ? (
          <p className="text-quiet">Not sent to a GPU yet.</p>
        ) : (
          <JobAttempts attempts={attempts} />
        )}
        {duplicates.sent > 0 && <p className="mt-2 text-quiet">{duplicateWords(duplicates)}</p>}
      </Part>
      <Part name="Files">
        <JobFiles files={filesOf(job)} />
      </Part>
      <JobGraph id={job.id} nodeErrors={job.nodeErrors} />
    </>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name} className="flex flex-col gap-3">
      <h2 className="text-15 font-semibold">{name}</h2>
      {children}
    </section>
  );
}

function JobActions({ job, priority }: { job: Story['job']; priority: number }) {
  const actions = useJobActions();
  return (
    <div className="flex flex-wrap gap-2">
      {job.status === 'queued' &&
        (priority > 0 ? (
          <Button icon={Undo2} onClick={() => actions.toNormal([job.id])}>
            Normal priority
          </Button>
        ) : (
          <Button icon={ArrowUpToLine} onClick={() => actions.toFront([job.id])}>
            Move to front
          </Button>
        ))}
      {job.endedAt === null ? (
        <Button icon={X} onClick={() => actions.cancel([job.id])}>
          Cancel
        </Button>
      ) : (
        <Button icon={RotateCcw} onClick={() => actions.retry([job.id])}>
          Run again
        </Button>
      )}
    </div>
  );
}
