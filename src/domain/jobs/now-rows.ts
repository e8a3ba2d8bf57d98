import type { NodeErrors } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { nodeErrorLines } from '../workflow/node-error-words.ts';
import type { Reason } from './job.ts';
import type { Phase } from './phase.ts';

/** A job in somebody's queue. Times are ISO strings. */
type QueueJob = {
  readonly id: string;
  readonly phase: Phase;
  readonly position: number | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly nodeErrors: NodeErrors | null;
  readonly canRetry: boolean;
};

/** One job, or several that failed in the same way, the newest first. */
export type NowRow<J> = { readonly key: string; readonly jobs: readonly [J, ...J[]] };

export type NowRows<J> = {
  readonly running: readonly NowRow<J>[];
  readonly waiting: readonly NowRow<J>[];
  readonly ended: readonly NowRow<J>[];
};

const RANKS: Record<Phase, number> = {
  rendering: 0,
  delivering: 0,
  waking: 1,
  sent: 1,
  waiting: 2,
  done: 3,
  cancelled: 3,
  failed: 4,
};

const RUNNING: readonly Phase[] = ['rendering', 'delivering', 'waking', 'sent'];

/** The position of what has none. */
const LAST = Number.MAX_SAFE_INTEGER;

const oldestFirst = (a: QueueJob, b: QueueJob): number =>
  a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);

function compare(a: QueueJob, b: QueueJob): number {
  if (RANKS[a.phase] !== RANKS[b.phase]) return RANKS[a.phase] - RANKS[b.phase];
  if (a.phase === 'failed') return (b.endedAt ?? '').localeCompare(a.endedAt ?? '') || oldestFirst(b, a);
  return (a.position ?? LAST) - (b.position ?? LAST) || oldestFirst(a, b);
}

/** Failures with the same key are told in the same words, and the same can be done about them. */
const failureKey = ({ reason, message, nodeErrors, canRetry }: QueueJob): string =>
  JSON.stringify([reason, message, nodeErrorLines(nodeErrors ?? {}), canRetry]);

/** Somebody's queue: what runs, what waits in the order of its turn, and what has ended, failures last and like ones as one row. */
export function nowRows<J extends QueueJob>(jobs: readonly J[]): NowRows<J> {
  const rows = [...groupBy([...jobs].sort(compare), (job) => (job.phase === 'failed' ? failureKey(job) : job.id))];
  const all = rows.flatMap(([key, [first, ...others]]): NowRow<J>[] =>
    first ? [{ key, jobs: [first, ...others] }] : [],
  );
  const among = (...phases: readonly Phase[]): NowRow<J>[] =>
    all.filter(({ jobs: [job] }) => phases.includes(job.phase));
  return {
    running: among(...RUNNING),
    waiting: among('waiting'),
    ended: among('done', 'cancelled', 'failed'),
  };
}
