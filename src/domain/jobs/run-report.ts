export type RunFailure = {
  readonly nodeId: string;
  readonly nodeType: string;
  readonly message: string;
  readonly exceptionType: string;
  readonly traceback: readonly string[];
};

/** How a run ended, as a replica tells it. */
export type RunEnd =
  | { readonly type: 'success'; readonly texts: readonly NodeText[] }
  | { readonly type: 'interrupted' }
  | { readonly type: 'failed'; readonly failure: RunFailure };

/** What a node showed as text, where the answer carries it. */
export type NodeText = { readonly nodeId: string; readonly text: string };

/** What one replica says of one prompt that it has. `started` is only heard: a replica may list as running what it never began. */
export type RunReport = { readonly type: 'pending' | 'running' | 'started' } | RunEnd;

/** What is known of an attempt's run from asking and listening. All times are epoch ms. */
export type RunKnowledge = {
  /** When a replica last said that it has it, waiting or running. */
  readonly aliveAt: number | null;
  readonly hasStarted: boolean;
  /** Answers in a row, of replicas at random, that would have named it and did not. */
  readonly misses: number;
  readonly missingSince: number | null;
  readonly end: RunEnd | null;
  readonly endedAt: number | null;
};

export const NOTHING_KNOWN: RunKnowledge = {
  aliveAt: null,
  hasStarted: false,
  misses: 0,
  missingSince: null,
  end: null,
  endedAt: null,
};

export function afterReport(known: RunKnowledge, report: RunReport, now: number): RunKnowledge {
  if (known.end !== null) return known;
  switch (report.type) {
    case 'pending':
    case 'running':
    case 'started':
      return { ...NOTHING_KNOWN, aliveAt: now, hasStarted: known.hasStarted || report.type === 'started' };
    case 'success':
    case 'interrupted':
    case 'failed':
      return { ...known, misses: 0, missingSince: null, end: report, endedAt: now };
  }
}

export const afterMiss = (known: RunKnowledge, now: number): RunKnowledge =>
  known.end !== null
    ? known
    : { ...known, misses: known.misses + 1, missingSince: Math.min(known.missingSince ?? now, now) };

export const ASKING = {
  /** After the worker's answer to POST /prompt. */
  firstAfterMs: 500,
  /** Within this time the replica that knows of a run's end is reached, but for one case in twenty. */
  reachWithinMs: 3000,
  minPauseMs: 200,
  maxPauseMs: 1000,
  /** An answer with whole graphs makes the next question wait, so that no more than this is read. */
  bytesPerSecond: 512 * 1024,
  /** Below this chance that some replica still has it and was never reached, an attempt counts as lost. */
  lostChance: 1e-4,
  /** And not before it was missing for so long. */
  lostAfterMs: 20_000,
};
export type RunAsking = typeof ASKING;

/** So many questions to replicas at random leave one of `replicas` out with at most this chance. */
export const questionsToReach = (replicas: number, chance: number): number =>
  replicas <= 1 ? 1 : Math.ceil(Math.log(chance) / Math.log(1 - 1 / replicas));

/** How long to wait after an answer of `bytes` from an endpoint with so many replicas, ms. */
export function pauseAfter(replicas: number, bytes: number, asking: RunAsking = ASKING): number {
  const pause = asking.reachWithinMs / questionsToReach(replicas, 0.05);
  return Math.max(
    Math.min(asking.maxPauseMs, Math.max(asking.minPauseMs, pause)),
    (1000 * bytes) / asking.bytesPerSecond,
  );
}

/**
 * Whether no replica has it any more. One replica more than we know of is reckoned with. If this is wrong, nothing is lost but GPU time: the next attempt has
 * a folder of its own, and whichever finishes first gives the results.
 */
export const isLost = (known: RunKnowledge, replicas: number, now: number, asking: RunAsking = ASKING): boolean =>
  known.missingSince !== null &&
  now - known.missingSince >= asking.lostAfterMs &&
  known.misses >= questionsToReach(Math.max(2, replicas + 1), asking.lostChance);
