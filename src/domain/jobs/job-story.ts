import type { Sending } from './attempt.ts';
import type { JobStatus, Reason } from './job.ts';

/** One thing that happened to a job. `detail` is in the words of who said it. */
export type Happened = {
  readonly at: number;
  readonly what: string;
  readonly detail: string | null;
  /** The file that it tells of. */
  readonly resultId: string | null;
};

/** A sending and its end. */
export type StoryLine = Sending & {
  readonly endpoint: string;
  readonly endedAt: number | null;
  /** `completed`, `superseded` or a reason; null while it is in flight. */
  readonly outcome: string | null;
  readonly detail: string | null;
};

const OUTCOMES: Record<Reason, string> = {
  invalid_graph: 'The workflow could not be used.',
  rejected_by_worker: 'ComfyUI refused the workflow.',
  endpoint_unreachable: 'No connection: nothing was sent.',
  never_started: 'Given up: no activity in time.',
  lost: 'Given up: the GPU was lost.',
  execution_error: 'A node stopped with an error.',
  timed_out: 'Given up: it took too long.',
  incomplete: 'It ended without files.',
  storage_full: 'There was no disk space for the files.',
  key_forgotten: 'Not sent: its key was kept in memory only.',
  storage_unavailable: 'The storage for the files could not be used.',
  cancelled: 'Stopped on request.',
};
const isReason = (outcome: string): outcome is Reason => Object.hasOwn(OUTCOMES, outcome);

/** What became of an attempt. */
export function outcomeWords(outcome: string | null): string {
  if (outcome === null) return 'Running.';
  if (outcome === 'completed') return 'It produced the results.';
  if (outcome === 'superseded') return 'Another attempt finished first.';
  return isReason(outcome) ? OUTCOMES[outcome] : outcome;
}

/** What the worker's HTTP said to the prompt. */
export function answerWords({ answer, httpStatus }: Pick<StoryLine, 'answer' | 'httpStatus'>): string {
  const status = httpStatus === null ? '' : ` (HTTP ${httpStatus})`;
  if (answer === null) return httpStatus === null ? 'No response' : `Refused${status}`;
  return answer === 'accepted' ? `Accepted${status}` : `Unclear response${status}: the job may be running`;
}

const line = (at: number, what: string, detail: string | null = null, resultId: string | null = null): Happened => ({
  at,
  what,
  detail,
  resultId,
});

function ofAttempt(attempt: StoryLine, last: boolean): Happened[] {
  const { number, endpoint, sentAt, answeredAt, startedAt, wholeAt, endedAt, outcome, detail } = attempt;
  const story = [line(sentAt, `Attempt ${number}: sent to ${endpoint}.`)];
  if (answeredAt !== null) story.push(line(answeredAt, `${answerWords(attempt)}.`));
  if (startedAt !== null) story.push(line(startedAt, 'First activity: rendering.'));
  if (wholeAt !== null) story.push(line(wholeAt, 'The run finished; its files are on the share.'));
  // How the last one ended is how the job ended.
  if (endedAt !== null && !(last && (outcome === 'completed' || outcome === 'cancelled')))
    story.push(line(endedAt, outcomeWords(outcome), detail));
  return story;
}

function ofEnd({ status, message }: { status: JobStatus; message: string | null }, at: number): Happened {
  if (status === 'failed') return line(at, 'Failed.', message);
  return line(at, status === 'cancelled' ? (message ?? 'Cancelled.') : 'Done.');
}

/** Everything that is known to have happened to a job, in the order of time. */
export function storyOf({
  job,
  owner,
  attempts,
  files,
  auditEvents,
}: {
  readonly job: {
    readonly status: JobStatus;
    readonly message: string | null;
    readonly createdAt: number;
    readonly endedAt: number | null;
  };
  readonly owner: string;
  readonly attempts: readonly StoryLine[];
  readonly files: readonly { readonly id: string; readonly name: string; readonly at: number }[];
  readonly auditEvents: readonly { readonly at: number; readonly what: string }[];
}): Happened[] {
  const end = job.endedAt === null ? [] : [ofEnd(job, job.endedAt)];
  const story = [
    line(job.createdAt, `${owner} pressed Run.`),
    ...attempts.flatMap((attempt, i) => ofAttempt(attempt, i === attempts.length - 1)),
    ...files.map(({ id, name, at }) => line(at, `${name} saved.`, null, id)),
    ...auditEvents.map(({ at, what }) => line(at, what)),
  ].sort((a, b) => a.at - b.at);
  const after = story.findLastIndex(({ at }) => job.endedAt !== null && at <= job.endedAt) + 1;
  return end.length === 0 ? story : [...story.slice(0, after), ...end, ...story.slice(after)];
}
