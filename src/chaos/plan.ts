import { seededRandom } from '#src/simulator/nodes/random.ts';

/** What a job is to come to, if nothing is done to it. */
export const JOB_KINDS = ['one picture', 'three pictures', 'two save nodes', 'unknown class', 'failing node'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export type PlannedJob = {
  /** Tells jobs apart in what the worker writes: the colour of the picture. */
  readonly serial: number;
  readonly owner: number;
  readonly kind: JobKind;
  /** Submitted when so many jobs have ended. */
  readonly due: number;
  /** This person's connection is cut so soon after the first submit. */
  readonly cutAfterMs: number | null;
  readonly cancel: { readonly when: 'at once' | 'once sent' | 'once running'; readonly afterMs: number } | null;
};

export type Fault =
  | { readonly kind: 'server killed'; readonly downMs: number }
  | { readonly kind: 'sockets cut'; readonly share: number }
  | { readonly kind: 'replica killed' }
  | { readonly kind: 'replica dies at a node' }
  | { readonly kind: 'replica dies in a file'; readonly afterBytes: number }
  | { readonly kind: 'scaled to zero' }
  | { readonly kind: 'prompts swallowed'; readonly ms: number }
  | { readonly kind: '502, 503 or 504'; readonly status: 502 | 503 | 504; readonly count: number }
  | { readonly kind: 'cut after accepting'; readonly count: number }
  | { readonly kind: '504 after accepting'; readonly count: number }
  | { readonly kind: 'answer cut in half'; readonly count: number }
  | { readonly kind: 'connections refused'; readonly ms: number }
  | { readonly kind: 'share away'; readonly leaves: 'nothing' | 'an empty folder'; readonly ms: number }
  | { readonly kind: 'disk full'; readonly leaveBytes: number; readonly ms: number }
  | { readonly kind: 'queue paused'; readonly intake: boolean; readonly ms: number };
export type FaultKind = Fault['kind'];

/** Faults of one group come one after the other, those of different groups at the same time. */
const GROUPS: readonly (readonly [FaultKind, string])[] = [
  ['server killed', 'server'],
  ['sockets cut', 'sockets'],
  ['replica killed', 'replicas'],
  ['replica dies at a node', 'replicas'],
  ['replica dies in a file', 'replicas'],
  ['scaled to zero', 'replicas'],
  ['prompts swallowed', 'replicas'],
  ['502, 503 or 504', 'balancer'],
  ['cut after accepting', 'balancer'],
  ['504 after accepting', 'balancer'],
  ['answer cut in half', 'balancer'],
  ['connections refused', 'balancer'],
  ['share away', 'share'],
  ['disk full', 'disk'],
  ['queue paused', 'operator'],
];

export type ChaosSize = {
  readonly jobs: number;
  readonly people: number;
  readonly replicas: number;
  /** Added to every node, so that there is a middle of a job to be killed in. */
  readonly slowByMs: number;
  /** No outage lasts longer. */
  readonly longestDelayMs: number;
  /** An attempt that was claimed and, because we were killed, never sent, is waited for so long. */
  readonly startBudgetMs: number;
  /** A run that takes longer is given up. */
  readonly maxMs: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
};

export const LONG: ChaosSize = {
  jobs: 1000,
  people: 20,
  replicas: 4,
  slowByMs: 60,
  longestDelayMs: 4000,
  startBudgetMs: 5000,
  maxMs: 40 * 60_000,
  faults: {
    'server killed': 12,
    'sockets cut': 10,
    'replica killed': 20,
    'replica dies at a node': 8,
    'replica dies in a file': 8,
    'scaled to zero': 2,
    'prompts swallowed': 4,
    '502, 503 or 504': 12,
    'cut after accepting': 12,
    '504 after accepting': 6,
    'answer cut in half': 6,
    'connections refused': 4,
    'share away': 10,
    'disk full': 6,
    'queue paused': 8,
  },
};

export const SHORT: ChaosSize = {
  jobs: 40,
  people: 6,
  replicas: 3,
  slowByMs: 10,
  longestDelayMs: 1000,
  startBudgetMs: 3000,
  maxMs: 4 * 60_000,
  faults: {
    'server killed': 2,
    'sockets cut': 1,
    'replica killed': 1,
    'replica dies at a node': 1,
    'replica dies in a file': 1,
    'scaled to zero': 0,
    'prompts swallowed': 1,
    '502, 503 or 504': 2,
    'cut after accepting': 2,
    '504 after accepting': 1,
    'answer cut in half': 1,
    'connections refused': 1,
    'share away': 2,
    'disk full': 1,
    'queue paused': 2,
  },
};

export type PlannedFault = { readonly at: number; readonly fault: Fault };
export type ChaosPlan = {
  readonly seed: number;
  readonly jobs: readonly PlannedJob[];
  /** By group, in the order of their turns. `at`: begins when so many jobs have ended. */
  readonly faults: readonly (readonly PlannedFault[])[];
};

/** Everything that will be done, drawn from the seed. Nothing is drawn later, so two runs with one seed do the same, however fast they are. */
export function planChaos(seed: number, size: ChaosSize): ChaosPlan {
  const random = seededRandom(`chaos ${seed}`);
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const oneOf = <T>(...choices: readonly [T, ...T[]]): T => choices[between(0, choices.length - 1)] ?? choices[0];

  const kindOf = (): JobKind => {
    const drawn = random();
    if (drawn < 0.04) return 'unknown class';
    if (drawn < 0.08) return 'failing node';
    if (drawn < 0.2) return 'three pictures';
    return drawn < 0.3 ? 'two save nodes' : 'one picture';
  };
  const lead = Math.max(2 * size.people, Math.round(size.jobs * 0.1));
  const jobs = Array.from(
    { length: size.jobs },
    (_, index): PlannedJob => ({
      serial: index + 1,
      owner: index < size.people ? index : between(0, size.people - 1),
      kind: kindOf(),
      due: Math.max(0, index - lead - between(0, size.people)),
      cutAfterMs: random() < 0.08 ? between(0, 15) : null,
      cancel:
        random() < 0.08 ? { when: oneOf('at once', 'once sent', 'once running'), afterMs: between(0, 600) } : null,
    }),
  );

  const draw: { readonly [Kind in FaultKind]: () => Fault } = {
    'server killed': () => ({ kind: 'server killed', downMs: between(0, size.longestDelayMs / 2) }),
    'sockets cut': () => ({ kind: 'sockets cut', share: between(20, 100) }),
    'replica killed': () => ({ kind: 'replica killed' }),
    'replica dies at a node': () => ({ kind: 'replica dies at a node' }),
    'replica dies in a file': () => ({ kind: 'replica dies in a file', afterBytes: between(0, 5000) }),
    'scaled to zero': () => ({ kind: 'scaled to zero' }),
    'prompts swallowed': () => ({ kind: 'prompts swallowed', ms: between(200, size.longestDelayMs) }),
    '502, 503 or 504': () => ({ kind: '502, 503 or 504', status: oneOf(502, 503, 504), count: between(1, 4) }),
    'cut after accepting': () => ({ kind: 'cut after accepting', count: between(1, 3) }),
    '504 after accepting': () => ({ kind: '504 after accepting', count: between(1, 3) }),
    'answer cut in half': () => ({ kind: 'answer cut in half', count: between(1, 3) }),
    'connections refused': () => ({ kind: 'connections refused', ms: between(200, size.longestDelayMs) }),
    'share away': () => ({
      kind: 'share away',
      leaves: oneOf('nothing', 'an empty folder'),
      ms: between(200, size.longestDelayMs),
    }),
    'disk full': () => ({
      kind: 'disk full',
      leaveBytes: oneOf(0, 0, 1000, 50_000_000),
      ms: between(200, size.longestDelayMs),
    }),
    'queue paused': () => ({ kind: 'queue paused', intake: random() < 0.5, ms: between(200, size.longestDelayMs) }),
  };
  const groups = new Map<string, PlannedFault[]>();
  for (const [kind, group] of GROUPS)
    for (let n = 0; n < size.faults[kind]; n += 1) {
      const planned = { at: between(Math.round(size.jobs * 0.03), Math.round(size.jobs * 0.88)), fault: draw[kind]() };
      groups.set(group, [...(groups.get(group) ?? []), planned]);
    }
  return { seed, jobs, faults: [...groups.values()].map((faults) => faults.sort((a, b) => a.at - b.at)) };
}
