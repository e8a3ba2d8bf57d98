import type { ResultKind } from '../file-facts.ts';
import { isLongerThan, type Range } from '../jobs/estimate.ts';
import type { Reason } from '../jobs/job.ts';
import { type LiveRun, liveWords, stepsLeftMs } from '../jobs/live-run.ts';
import type { Phase, StartStage } from '../jobs/phase.ts';
import { clock, counted, ordinal, roughly } from '../measures.ts';
import { rangeWords } from './range-words.ts';

export type PhaseWords = {
  readonly words: string;
  /** A second, quieter line, kept free for it as long as the job is alive. */
  readonly aside: string | null;
  /** More sentences. */
  readonly detail: string | null;
};

/** What is spoken of: a job as its owner sees it. Times are ISO strings. */
type Spoken = {
  readonly phase: Phase;
  readonly phaseSince: string;
  readonly wake: StartStage | null;
  readonly position: number | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly estimate: Range | null;
  readonly lastLoss: { readonly message: string } | null;
  readonly busyUntil: string | null;
  readonly progress: { readonly here: number; readonly expected: number } | null;
  readonly live: LiveRun | null;
  readonly results: readonly { readonly kind: ResultKind }[];
};

const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** "3:05 (1:20 rendering)"; null while it is not over. */
export function tookWords({
  createdAt,
  startedAt,
  endedAt,
}: Pick<Spoken, 'createdAt' | 'startedAt' | 'endedAt'>): string | null {
  if (endedAt === null) return null;
  const whole = clock(between(createdAt, endedAt));
  const rendering = startedAt === null ? 0 : between(startedAt, endedAt);
  return rendering < 1000 ? whole : `${whole} (${clock(rendering)} rendering)`;
}

const PHASE_NAMES: Record<Phase, string> = {
  waiting: 'Queued',
  sent: 'Starting',
  waking: 'Starting a GPU',
  rendering: 'Rendering',
  delivering: 'Saving',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const WAKES: Record<StartStage, string> = { image_pulling: 'downloading ComfyUI', initializing: 'starting ComfyUI' };

/** A job that is alive and cannot get on just now: its files cannot be saved. */
export const isHeldUp = ({ phase, reason }: Pick<Spoken, 'phase' | 'reason'>): boolean =>
  (reason === 'storage_full' || reason === 'storage_unavailable') && phase !== 'failed';

/** What a job is doing, in one or two words. */
export const phaseName = (job: Pick<Spoken, 'phase' | 'reason'>): string =>
  isHeldUp(job)
    ? `Waiting for ${job.reason === 'storage_full' ? 'disk space' : 'the storage'}`
    : PHASE_NAMES[job.phase];

function inTurn(position: number | null): string {
  if (position === null) return PHASE_NAMES.waiting;
  return position === 1 ? 'Next' : `${ordinal(position)} in queue`;
}

/** What is left of a time that is thought to last `estimate` from its beginning; null when it should be over. */
function left(estimate: Spoken['estimate'], elapsedMs: number): string | null {
  if (!estimate) return null;
  if (elapsedMs >= estimate.highMs) return null;
  return rangeWords({ lowMs: estimate.lowMs - elapsedMs, highMs: estimate.highMs - elapsedMs });
}

/** What is usual for this phase, or that it takes longer; `short` where there is little room. */
function usually(estimate: Spoken['estimate'], elapsedMs: number, short = false): string | null {
  if (!estimate) return null;
  const words = rangeWords(estimate);
  if (!isLongerThan(estimate, elapsedMs)) return `usually ${words}`;
  return short ? 'longer than usual' : `longer than usual (${words})`;
}

/** Null once the pause is over. */
function busyWords({ position, busyUntil }: Pick<Spoken, 'position' | 'busyUntil'>, now: number): string | null {
  const seconds = busyUntil === null ? 0 : Math.ceil((Date.parse(busyUntil) - now) / 1000);
  if (seconds <= 0) return null;
  if (position !== 1) return 'The GPUs are busy';
  return `The GPUs are busy; starts in ${seconds < 60 ? 'about ' : ''}${roughly(seconds)}`;
}

function waiting(job: Spoken, elapsedMs: number, now: number, paused: boolean): PhaseWords {
  const { position, estimate, lastLoss } = job;
  const place = inTurn(position);
  const detail = lastLoss?.message ?? null;
  if (paused)
    return {
      words: 'Paused by the teacher',
      aside: position === null ? 'Your job keeps its place.' : `${place} when the queue resumes.`,
      detail,
    };
  const turn = left(estimate, elapsedMs);
  return {
    words: turn === null || position === null ? place : `${place} · ${turn}`,
    aside: busyWords(job, now),
    detail,
  };
}

const NOUNS: Record<ResultKind, readonly [one: string, many: string]> = {
  image: ['picture', 'pictures'],
  video: ['film', 'films'],
  audio: ['sound', 'sounds'],
  model: ['model', 'models'],
  other: ['file', 'files'],
};

/** "2 of 4 pictures", "2 pictures here"; null while nothing has come. */
export function arrivedWords({ progress, results }: Pick<Spoken, 'progress' | 'results'>): string | null {
  const [first] = results;
  if (!first) return null;
  const [one, many] = NOUNS[results.every(({ kind }) => kind === first.kind) ? first.kind : 'other'];
  if (!progress) return `${counted(results.length, one, many)} ready`;
  return `${progress.here} of ${counted(progress.expected, one, many)}`;
}

const inARow = (...parts: readonly (string | null)[]): string | null => parts.filter(Boolean).join(' · ') || null;

const HEADLINES: Record<Reason, string> = {
  invalid_graph: 'ComfyUI could not use this workflow',
  rejected_by_worker: 'ComfyUI could not use this workflow',
  endpoint_unreachable: 'No GPU could be reached',
  never_started: 'No GPU started your job in time',
  lost: 'The GPU was lost during rendering',
  execution_error: 'Stopped by an error',
  timed_out: 'Took too long',
  incomplete: 'No files were produced',
  storage_full: 'No disk space for the files',
  key_forgotten: 'The key of your Comfy account is no longer there',
  storage_unavailable: 'No access to the storage for the files',
  cancelled: 'Cancelled',
};

/** What to do about a failure, where neither its message nor the buttons say it. */
export const ADVICE: Partial<Record<Reason, string>> = {
  rejected_by_worker: 'Fix the workflow and run again, or ask the teacher which nodes and models the GPUs have.',
  invalid_graph: 'Fix the workflow and run again.',
  endpoint_unreachable: 'Tell the teacher if it happens again.',
  never_started: 'Tell the teacher if it happens again.',
  lost: 'Tell the teacher if it happens again.',
  timed_out: 'Fewer steps, fewer frames or a smaller size will help.',
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
  const arrived =
    reason !== 'incomplete' && results.length > 0 && `${counted(results.length, 'file')} saved before that.`;
  const detail = [message && afterHeadline(message, words), arrived].filter(Boolean).join(' ') || null;
  return { words, aside: null, detail };
}

/** What a job is doing, in words for its owner. `now` is on the server's clock, in ms; `paused` says that nothing is sent to GPUs. */
export function phaseWords(job: Spoken, now: number, paused = false): PhaseWords {
  const elapsedMs = Math.max(0, now - Date.parse(job.phaseSince));
  const timed = `${phaseName(job)} · ${clock(elapsedMs)}`;
  const detail = job.lastLoss?.message ?? null;
  switch (job.phase) {
    case 'waiting':
      return waiting(job, elapsedMs, now, paused);
    case 'sent':
      return { words: timed, aside: usually(job.estimate, elapsedMs), detail };
    case 'waking':
      return {
        words: timed,
        aside: inARow(job.wake && WAKES[job.wake], usually(job.estimate, elapsedMs) ?? 'can take a few minutes'),
        detail,
      };
    case 'rendering':
      return {
        words: timed,
        aside: inARow(
          liveWords(job.live, now),
          arrivedWords(job),
          // What its own steps say is better than what is usual.
          stepsLeftMs(job.live, now) === null ? usually(job.estimate, elapsedMs, job.results.length > 0) : null,
        ),
        detail: null,
      };
    case 'delivering':
      return { words: phaseName(job), aside: arrivedWords(job), detail: job.message };
    case 'done': {
      const took = tookWords(job);
      return { words: took === null ? PHASE_NAMES.done : `Done in ${took}`, aside: null, detail: null };
    }
    case 'failed':
      return failed(job);
    case 'cancelled':
      return {
        words: PHASE_NAMES.cancelled,
        aside: null,
        detail: (job.message && afterHeadline(job.message, PHASE_NAMES.cancelled)) || null,
      };
  }
}
