'use client';

import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { ArrowUpToLine, RotateCcw, Undo2, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { AppRouter } from '#src/api/router.ts';
import { answerWords, outcomeWords } from '#src/domain/jobs/job-story.ts';
import { clock, fileSize } from '#src/domain/messages/measures.ts';
import { phaseName } from '#src/domain/messages/phase-words.ts';
import { INCOMPLETE } from '#src/domain/messages/preview-words.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { Warnings } from '../jobs/warnings.tsx';
import { boardAddress } from './board-filter.ts';
import { JobGraph } from './job-graph.tsx';
import { JobTimings } from './job-timings.tsx';
import { REFRESH_MS } from './queue-panel.tsx';
import { useJobActions } from './use-job-actions.ts';

export type Story = inferRouterOutputs<AppRouter>['admin']['queue']['story'];

const BADGE = 'ml-2 rounded border border-line px-1.5 text-12 text-quiet';
const LINK = 'underline decoration-line underline-offset-2 hover:decoration-text';

const time = (iso: string): string =>
  new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
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

function LoadedJob({ story: { job, owner, priority, spans, attempts, story } }: { story: Story }) {
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
        <JobTimings spans={spans} />
      </section>
      <Part name="Timeline">
        <ol aria-label="Timeline" className="flex flex-col">
          {story.map(({ at, what, detail, resultId }, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: what has happened keeps its place
              key={index}
              className="grid grid-cols-[4.5rem_1fr] gap-3 border-t border-line py-1.5 first:border-0"
            >
              <time dateTime={at} className="text-quiet tabular-nums">
                {time(at)}
              </time>
              <div className="min-w-0">
                {resultId === null ? (
                  what
                ) : (
                  <a href={fileOf(job, resultId)} className={LINK}>
                    {what}
                  </a>
                )}
                {detail && <Detail text={detail} />}
              </div>
            </li>
          ))}
        </ol>
      </Part>
      <Part name={attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}>
        {attempts.length === 0 ? (
          <p className="text-quiet">Not sent to a GPU yet.</p>
        ) : (
          <Attempts attempts={attempts} />
        )}
      </Part>
      <Part name="Files">
        {filesOf(job).length === 0 ? (
          <p className="text-quiet">No files yet.</p>
        ) : (
          <Table
            label="Files"
            columns={[
              { name: 'File' },
              { name: 'Node' },
              { name: 'Kind' },
              { name: 'Size', figures: true },
              { name: 'Saved', figures: true },
            ]}
          >
            {filesOf(job).map(({ id, url, filename, nodeId, mime, bytes, createdAt, preview, unfinished }) => (
              <tr key={id}>
                <Cell>
                  <a href={url} className={LINK}>
                    {filename}
                  </a>
                  {preview && <span className={BADGE}>Preview</span>}
                  {unfinished && (
                    <span title={INCOMPLETE} className={BADGE}>
                      Incomplete
                    </span>
                  )}
                </Cell>
                <Cell>{nodeId}</Cell>
                <Cell>{mime}</Cell>
                <Cell figures>{fileSize(bytes)}</Cell>
                <Cell figures>{time(createdAt)}</Cell>
              </tr>
            ))}
          </Table>
        )}
      </Part>
      <JobGraph id={job.id} nodeErrors={job.nodeErrors} />
    </>
  );
}

const filesOf = ({ results, previews }: Story['job']) => [...results, ...previews];

const fileOf = (job: Story['job'], resultId: string): string | undefined =>
  filesOf(job).find(({ id }) => id === resultId)?.url;

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name} className="flex flex-col gap-3">
      <h2 className="text-15 font-semibold">{name}</h2>
      {children}
    </section>
  );
}

function Detail({ text }: { text: string }) {
  const isLong = text.includes('\n') || text.length > 200;
  if (!isLong) return <p className="text-quiet">{text}</p>;
  return (
    <details>
      <summary className="truncate text-quiet">{text.split('\n')[0]}</summary>
      <pre className="max-h-80 overflow-auto rounded bg-raised p-2 text-12 whitespace-pre-wrap">{text}</pre>
    </details>
  );
}

function Attempts({ attempts }: { attempts: Story['attempts'] }) {
  const took = (from: string | null, to: string | null): string =>
    from === null || to === null ? '' : clock(Date.parse(to) - Date.parse(from));
  return (
    <Table
      label="Attempts"
      columns={[
        { name: 'Attempt', figures: true },
        { name: 'Endpoint' },
        { name: 'Sent', figures: true },
        { name: 'Response' },
        { name: 'Started after', figures: true },
        { name: 'Rendered for', figures: true },
        { name: 'Ended', figures: true },
        { name: 'Outcome' },
        { name: 'Prompt ID' },
      ]}
    >
      {attempts.map((attempt) => (
        <tr key={attempt.id}>
          <Cell figures>{attempt.number}</Cell>
          <Cell>
            <Link href={boardAddress({ endpointId: attempt.endpointId })} prefetch={false} className={LINK}>
              {attempt.endpoint}
            </Link>
          </Cell>
          <Cell figures>{time(attempt.sentAt)}</Cell>
          <Cell>{answerWords(attempt)}</Cell>
          <Cell figures>{took(attempt.sentAt, attempt.startedAt)}</Cell>
          <Cell figures>{took(attempt.startedAt, attempt.wholeAt)}</Cell>
          <Cell figures>{attempt.endedAt && time(attempt.endedAt)}</Cell>
          <Cell>{outcomeWords(attempt.outcome)}</Cell>
          <Cell>
            <code title={`Folder on the share: ${attempt.folder}`} className="text-12">
              {attempt.id}
            </code>
          </Cell>
        </tr>
      ))}
    </Table>
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
