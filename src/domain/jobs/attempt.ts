import { attribute } from '../workflow/attribution.ts';
import type { Plan } from '../workflow/rewrite.ts';
import type { RunKnowledge } from './run-report.ts';

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
  /** whole: proven, or quiet long enough where the format proves nothing. unproven: such a one, not quiet for long enough; the end of its run makes it whole. */
  readonly state: 'whole' | 'unproven' | 'growing' | 'broken';
};

export type AttemptFacts = {
  readonly plan: Plan;
  readonly sentAt: number;
  /** First activity: the start marker or any file. */
  readonly startedAt: number | null;
  /** When the folder last looked different. */
  readonly changedAt: number;
  readonly files: readonly SeenFile[];
  readonly run: RunKnowledge;
};

export type AttemptLimits = {
  readonly startBudgetMs: number;
  readonly jobTimeoutMs: number;
  /** After the last finish marker, where every node has written: nothing new for so long. More than 0 where a cached listing of a folder may be older than the marker beside it. */
  readonly markedQuietMs: number;
  /** After the end of a run: nothing new in its folder for so long, and what has not come does not come. */
  readonly endQuietMs: number;
  /** Where nobody tells of the run's end: nothing new for so long. */
  readonly graceMs: number;
};

export type AttemptJudgement =
  | 'wait'
  /** The run is over, but its folder has not been quiet for long enough. */
  | 'settling'
  /** Everything that was planned is there and whole. */
  | 'whole'
  /** The run is over, and what came is all there is: files that are not whole, and nodes without a file, among it. */
  | 'over'
  /** The run is over, and not even our start marker is on the share. */
  | 'elsewhere'
  | 'never_started'
  | 'timed_out';

export const isAlive = (facts: Pick<AttemptFacts, 'plan' | 'files'>): boolean =>
  facts.files.some(({ path }) => attribute(path, facts.plan).kind !== 'stray');

type Reading = {
  /** By directory of the plan: whether it has a whole file, and whether it has one that is not. */
  readonly whole: ReadonlySet<string>;
  readonly unfinished: ReadonlySet<string>;
  readonly markers: ReadonlySet<string>;
};

function read({ files, plan }: Pick<AttemptFacts, 'plan' | 'files'>): Reading {
  const whole = new Set<string>();
  const unfinished = new Set<string>();
  const markers = new Set<string>();
  for (const { path, state } of files) {
    const owner = attribute(path, plan);
    if (owner.kind === 'output') (state === 'whole' ? whole : unfinished).add(path.slice(0, path.indexOf('/')));
    // The marker was created after the last file, so that it exists is enough.
    if (owner.kind === 'finished') markers.add(owner.marker);
  }
  return { whole, unfinished, markers };
}

/**
 * What is to be done with an attempt at `now`. The run's end decides: it is known from the finish markers, where every node has one, or from what replicas say.
 * A failed or interrupted run is not judged here.
 */
export function judge(facts: AttemptFacts, limits: AttemptLimits, now: number): AttemptJudgement {
  const { saves } = facts.plan;
  const { whole, unfinished, markers } = read(facts);
  const isMarked = saves.length > 0 && saves.every(({ marker }) => marker !== null && markers.has(marker));
  const hasAll = saves.every(({ dir }) => whole.has(dir)) && unfinished.size === 0;
  // Texts that only the worker's history has come with the news of the end.
  if (isMarked && hasAll && !facts.plan.texts)
    return now - facts.changedAt >= limits.markedQuietMs ? 'whole' : 'settling';

  const heardEnd = facts.run.end?.type === 'success' ? facts.run.endedAt : null;
  const quietFor =
    now - Math.max(facts.changedAt, heardEnd ?? 0, facts.run.end === null ? (facts.run.aliveAt ?? 0) : 0);
  if (isMarked || heardEnd !== null) {
    const isHere = facts.files.length > 0;
    if (quietFor < (isHere ? limits.endQuietMs : limits.graceMs)) return 'settling';
    return !isHere ? 'elsewhere' : hasAll ? 'whole' : 'over';
  }
  // Nobody has told of its end, perhaps because its GPU is gone: every node has written, and for long nothing more has come.
  if (hasAll && saves.length > 0 && quietFor >= limits.graceMs) return 'whole';

  if (facts.startedAt === null) return now - facts.sentAt >= limits.startBudgetMs ? 'never_started' : 'wait';
  return now - facts.startedAt >= limits.jobTimeoutMs ? 'timed_out' : 'wait';
}

/** What a run that is over did not bring as it should: files that are not proven to be whole, or are not, and planned nodes without any file. */
export function shortfall({ plan, files }: Pick<AttemptFacts, 'plan' | 'files'>): {
  unproven: string[];
  unfinished: string[];
  silent: { nodeId: string; classType: string }[];
  isEmpty: boolean;
} {
  const outputs = files.filter(({ path }) => attribute(path, plan).kind === 'output');
  const dirs = new Set(outputs.map(({ path }) => path.slice(0, path.indexOf('/'))));
  const silent = plan.saves.filter(({ dir }) => !dirs.has(dir));
  return {
    unproven: outputs.filter(({ state }) => state === 'unproven').map(({ path }) => path),
    unfinished: outputs.filter(({ state }) => state === 'growing' || state === 'broken').map(({ path }) => path),
    silent: silent.map(({ nodeId, classType }) => ({ nodeId, classType })),
    isEmpty: outputs.length === 0,
  };
}
