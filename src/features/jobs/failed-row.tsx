import { ChevronDown, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ADVICE, phaseWords } from '#src/domain/messages/phase-words.ts';
import type { QueueState } from '#src/domain/messages/queue-words.ts';
import { nodeErrorLines, stoppedNodeLines } from '#src/domain/workflow/node-error-words.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { FaultLines } from './fault-lines.tsx';
import { InputThumb } from './input-thumb.tsx';
import { signOf } from './job-sign.ts';
import type { Job } from './jobs-cache.ts';
import { NewSeed, TryAgain } from './retry-buttons.tsx';
import { Row } from './row.tsx';

const MEMBERS_SHOWN = 40;

type FailedRowProps = {
  /** All of them failed in the same way; the newest first. */
  jobs: readonly [Job, ...Job[]];
  queue: QueueState;
  /** When it ended. */
  whenOf: (job: Job) => string;
  /** Queued again. */
  onAgain: (id: string) => void;
  /** Left out where nothing is dismissed. */
  onDismiss?: (jobs: readonly Job[]) => void;
  /** Before the other actions. */
  more?: ReactNode;
};

/** What went wrong in one line each: the faults of a rejected graph, or where a node stopped. */
function linesOf({ reason, nodeErrors }: Job): { faults: string[]; places: string[] } {
  const errors = nodeErrors ?? {};
  return reason === 'execution_error'
    ? { faults: [], places: stoppedNodeLines(errors) }
    : { faults: nodeErrorLines(errors), places: [] };
}

/** A job that failed, or several that failed in the same way. */
export function FailedRow({ jobs, queue, whenOf, onAgain, onDismiss, more }: FailedRowProps) {
  const [job] = jobs;
  const [open, setOpen] = useState(false);
  const { words, detail } = phaseWords(job, 0);
  const { faults, places } = linesOf(job);
  const many = jobs.length > 1;
  const titles = new Set(jobs.map(({ title }) => title || 'Untitled'));
  const [title = ''] = titles;
  const snippets = new Set(jobs.map(({ promptSnippet }) => promptSnippet));
  const retry = { jobs, queue, onAgain };
  return (
    <Row
      {...signOf(job)}
      label={many ? `Failed ×${jobs.length}: ${words}` : title}
      title={titles.size > 1 ? `${jobs.length} jobs` : title}
      promptSnippet={snippets.size > 1 ? null : job.promptSnippet}
      media={!many && <InputThumb input={job.input} />}
      words={many ? `Failed ×${jobs.length}: ${words}` : words}
      when={whenOf(job)}
      aside={open ? null : (faults[0] ?? detail)}
      actions={
        <>
          {more}
          {job.canRetry && <TryAgain {...retry} className="max-sm:hidden" />}
          <IconButton
            icon={ChevronDown}
            label="Details"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className={join('transition-transform', open && 'rotate-180')}
          />
          {onDismiss && (
            <IconButton
              icon={X}
              label={many ? `Dismiss all ${jobs.length}` : 'Dismiss'}
              onClick={() => onDismiss(jobs)}
              className="-mr-1"
            />
          )}
        </>
      }
      body={
        open && (
          <>
            {faults.length === 0 && detail && <p>{detail}</p>}
            <FaultLines lines={faults} />
            {job.reason && ADVICE[job.reason] && <p className="text-quiet">{ADVICE[job.reason]}</p>}
            {places.map((place) => (
              <p key={place} className="text-quiet">
                {place}
              </p>
            ))}
            {job.canRetry && (
              <div className="flex flex-wrap gap-2">
                <TryAgain {...retry} className="sm:hidden" />
                {!many && <NewSeed {...retry} />}
              </div>
            )}
            {many && (
              <Members jobs={jobs} queue={queue} whenOf={whenOf} onAgain={onAgain} {...(onDismiss && { onDismiss })} />
            )}
          </>
        )
      }
    />
  );
}

/** The jobs of a row that stands for several. */
function Members({ jobs, queue, whenOf, onAgain, onDismiss }: FailedRowProps) {
  return (
    <ul aria-label="Failed in the same way" className="w-full">
      {jobs.slice(0, MEMBERS_SHOWN).map((job) => {
        const title = job.title || 'Untitled';
        return (
          <li key={job.id} aria-label={title} className="flex min-h-10 items-center gap-2 border-t border-line">
            <span className="truncate">{title}</span>
            <span className="min-w-0 grow truncate text-quiet">{job.promptSnippet}</span>
            <span className="text-quiet tabular-nums max-sm:hidden">{whenOf(job)}</span>
            {job.canRetry && <TryAgain jobs={[job]} queue={queue} onAgain={onAgain} small />}
            {onDismiss && <IconButton icon={X} label="Dismiss" onClick={() => onDismiss([job])} className="-mr-1" />}
          </li>
        );
      })}
      {jobs.length > MEMBERS_SHOWN && <li className="text-quiet">and {jobs.length - MEMBERS_SHOWN} more</li>}
    </ul>
  );
}
