import type { Reason } from '#src/domain/job.ts';
import type { Phase } from '#src/domain/phase.ts';
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

const PHASE_NAMES: Record<Phase, string> = {
  waiting: 'In line',
  sent: 'On its way to a GPU',
  waking: 'Waking a GPU',
  rendering: 'Rendering',
  delivering: 'Bringing it home',
  done: 'Done',
  failed: 'Did not finish',
  cancelled: 'Cancelled',
};

/** A job that is alive and cannot get on just now: a full disk keeps its files from coming home. */
export const isHeldUp = ({ phase, reason }: Pick<Job, 'phase' | 'reason'>): boolean =>
  reason === 'storage_full' && phase !== 'failed';

/** What a job is doing, in one or two words. */
export const phaseName = (job: Pick<Job, 'phase' | 'reason'>): string =>
  isHeldUp(job) ? 'Waiting for room' : PHASE_NAMES[job.phase];

function inLine(position: number | null): string {
  if (position === null) return PHASE_NAMES.waiting;
  return position === 1 ? 'Next' : `${ordinal(position)} in line`;
}

function waiting({ attempts, position }: Spoken, paused: boolean): PhaseWords {
  const place = inLine(position);
  if (paused)
    return {
      words: 'Paused by the teacher',
      detail: position === null ? 'Your job keeps its place.' : `${place} when the queue goes on.`,
    };
  if (attempts === 0) return { words: place, detail: null };
  return {
    words: `Trying again · ${place}`,
    detail: 'The last try came to nothing. Your job is back in line by itself.',
  };
}

const HEADLINES: Record<Reason, string> = {
  invalid_graph: 'ComfyUI could not use this workflow',
  rejected_by_worker: 'ComfyUI could not use this workflow',
  endpoint_unreachable: 'No GPU could be reached',
  never_started: 'The GPU accepted your job but never began',
  lost: 'The GPU went away in the middle',
  execution_error: 'Stopped by an error',
  timed_out: 'Took too long',
  incomplete: 'Not all files arrived',
  storage_full: 'No room for the files',
  cancelled: 'Cancelled',
};

/** What a message says beyond its headline, with which it may begin. */
function afterHeadline(message: string, headline: string): string {
  if (!message.startsWith(headline)) return message;
  const [, rest] = /^(?:[.:] |\.?$)(.*)$/s.exec(message.slice(headline.length)) ?? [];
  return rest ?? message;
}

function failed({ reason, message, results }: Spoken): PhaseWords {
  const words = reason ? HEADLINES[reason] : PHASE_NAMES.failed;
  // A sentence about missing files says itself how many came.
  const arrived = reason !== 'incomplete' && results.length > 0 && `${counted(results.length, 'file')} arrived before.`;
  return { words, detail: [message && afterHeadline(message, words), arrived].filter(Boolean).join(' ') || null };
}

/** What a job is doing, in words for its owner. `now` is on the server's clock, in ms; `paused` says that nothing is sent to GPUs. */
export function phaseWords(job: Spoken, now: number, paused = false): PhaseWords {
  const since = clock(now - Date.parse(job.phaseSince));
  const timed = `${phaseName(job)} · ${since}`;
  const again =
    job.attempts > 1 ? `Trying again (${ordinal(job.attempts)} try): the one before came to nothing.` : null;
  switch (job.phase) {
    case 'waiting':
      return waiting(job, paused);
    case 'sent':
      return { words: timed, detail: again };
    case 'waking':
      return {
        words: timed,
        detail: again ?? 'A sleeping GPU can take some minutes to start. Your job goes on by itself.',
      };
    case 'rendering':
      return { words: job.results.length > 0 ? `${timed} · ${job.results.length} here` : timed, detail: again };
    case 'delivering':
      return { words: phaseName(job), detail: job.message };
    case 'done': {
      const took = tookWords(job);
      return { words: took === null ? PHASE_NAMES.done : `Done in ${took}`, detail: null };
    }
    case 'failed':
      return failed(job);
    case 'cancelled':
      return { words: PHASE_NAMES.cancelled, detail: null };
  }
}
