import type { Reason } from '#src/domain/job.ts';
import { clock, counted, ordinal } from '#src/ui/measures.ts';
import type { Job } from './jobs-cache.ts';

export type PhaseWords = {
  readonly words: string;
  /** A second, quieter sentence. */
  readonly detail: string | null;
};

type Spoken = Pick<
  Job,
  'phase' | 'phaseSince' | 'position' | 'createdAt' | 'startedAt' | 'endedAt' | 'attempts' | 'reason' | 'message'
> & { readonly results: readonly unknown[] };

const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** "3:05 (1:20 rendering)"; null while it is not over. */
export function tookWords({
  createdAt,
  startedAt,
  endedAt,
}: Pick<Job, 'createdAt' | 'startedAt' | 'endedAt'>): string | null {
  if (endedAt === null) return null;
  const whole = clock(between(createdAt, endedAt));
  const rendering = startedAt === null ? 0 : between(startedAt, endedAt);
  return rendering < 1000 ? whole : `${whole} (${clock(rendering)} rendering)`;
}

function inLine(position: number | null): string {
  if (position === null) return 'In line';
  return position === 1 ? 'Next' : `${ordinal(position)} in line`;
}

const HEADLINES: Record<Reason, string> = {
  invalid_graph: 'ComfyUI could not use this workflow',
  rejected_by_worker: 'ComfyUI could not use this workflow',
  endpoint_unreachable: 'No GPU could be reached',
  never_started: 'The GPU never began',
  lost: 'The GPU went away',
  execution_error: 'Stopped by an error',
  timed_out: 'Took too long',
  incomplete: 'Not all files arrived',
  storage_full: 'No room for the files',
  cancelled: 'Cancelled',
};

/** What a job is doing, in words for its owner. `now` is on the server's clock, in ms. */
export function phaseWords(job: Spoken, now: number): PhaseWords {
  const since = clock(now - Date.parse(job.phaseSince));
  switch (job.phase) {
    case 'waiting':
      return job.attempts > 0
        ? {
            words: `Trying again · ${inLine(job.position)}`,
            detail: job.message ?? 'The last try was lost. Your job is back in line by itself.',
          }
        : { words: inLine(job.position), detail: null };
    case 'sent':
      return { words: `On its way to a GPU · ${since}`, detail: null };
    case 'waking':
      return {
        words: `Waking a GPU · ${since}`,
        detail: 'A sleeping GPU can take some minutes to start. Your job goes on by itself.',
      };
    case 'rendering':
      return {
        words: job.results.length > 0 ? `Rendering · ${since} · ${job.results.length} here` : `Rendering · ${since}`,
        detail: null,
      };
    case 'delivering':
      return { words: 'Bringing it home', detail: null };
    case 'done': {
      const took = tookWords(job);
      return { words: took === null ? 'Done' : `Done in ${took}`, detail: null };
    }
    case 'failed':
      return {
        words: job.reason ? HEADLINES[job.reason] : 'Did not finish',
        detail:
          job.results.length > 0
            ? [job.message, `${counted(job.results.length, 'file')} arrived before.`].filter(Boolean).join(' ')
            : job.message,
      };
    case 'cancelled':
      return { words: 'Cancelled', detail: null };
  }
}
