import { attribute } from './attribution.ts';
import type { Plan } from './rewrite.ts';

/** What is known of one sending of a job. All times are epoch milliseconds. */
export type Sending = {
  readonly number: number;
  readonly sentAt: number;
  readonly answer: 'accepted' | 'unknown' | null;
  readonly httpStatus: number | null;
  readonly answeredAt: number | null;
  readonly startedAt: number | null;
  readonly wholeAt: number | null;
};

export type SeenFile = {
  readonly path: string;
  /** whole: proven, or quiet long enough where the format proves nothing. */
  readonly state: 'whole' | 'growing' | 'broken';
};

export type AttemptFacts = {
  readonly plan: Plan;
  readonly sentAt: number;
  /** First sign of life: the start marker or any file. */
  readonly startedAt: number | null;
  /** When the folder last looked different. */
  readonly changedAt: number;
  readonly files: readonly SeenFile[];
};

export type Limits = {
  readonly startBudgetMs: number;
  readonly jobTimeoutMs: number;
  /** Without finish markers: nothing new for so long. */
  readonly quietMs: number;
  /** When nothing changes any more for so long, what is missing will not come: a finish marker, or a file after its marker. */
  readonly graceMs: number;
};

export type Judgement = 'wait' | 'whole' | 'incomplete' | 'never_started' | 'timed_out';

export const isAlive = (facts: Pick<AttemptFacts, 'plan' | 'files'>): boolean =>
  facts.files.some(({ path }) => attribute(path, facts.plan).kind !== 'stray');

/** What the folder says of an attempt at `now`. */
export function judge(facts: AttemptFacts, limits: Limits, now: number): Judgement {
  const written = new Set<string>();
  const finished = new Set<string>();
  let unfinished = false;
  let broken = false;
  for (const { path, state } of facts.files) {
    const owner = attribute(path, facts.plan);
    if (owner.kind === 'output') {
      if (state === 'whole') written.add(owner.nodeId);
      else unfinished = true;
      if (state === 'broken') broken = true;
    }
    // The marker was created after the last file, so that it exists is enough.
    if (owner.kind === 'finished') finished.add(owner.marker);
  }
  const quietFor = now - facts.changedAt;
  const allMarked = facts.plan.saves.every(({ marker }) => marker !== null && finished.has(marker));
  const allWritten = facts.plan.saves.every(({ nodeId }) => written.has(nodeId));
  const unmarkedLeft = facts.plan.saves.some(({ marker }) => marker !== null && !finished.has(marker));
  if (allWritten && !unfinished && !unmarkedLeft && (allMarked || quietFor >= limits.quietMs)) return 'whole';
  // A worker that dies between its last file and the marker has still written everything.
  if (allWritten && !unfinished && quietFor >= limits.graceMs) return 'whole';
  if ((allMarked || broken) && quietFor >= limits.graceMs) return 'incomplete';
  if (facts.startedAt === null) return now - facts.sentAt >= limits.startBudgetMs ? 'never_started' : 'wait';
  return now - facts.startedAt >= limits.jobTimeoutMs ? 'timed_out' : 'wait';
}
