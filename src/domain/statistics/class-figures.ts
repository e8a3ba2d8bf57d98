import { groupBy } from '../group-by.ts';
import { isFinal, type JobStatus, type Reason } from '../jobs/job.ts';
import { type AttemptFact, type ClassFacts, gpuMs, type JobFact, median } from './class-facts.ts';

type Spent = {
  readonly gpuMs: number;
  /** In the currency of the settings, as far as prices are known. */
  readonly cost: number;
  /** Of `gpuMs`, what ran where no price is known. */
  readonly unpricedMs: number;
};
export type Waits = {
  readonly median: number | null;
  readonly worst: { readonly ms: number; readonly jobId: string; readonly userId: string } | null;
};
type Counts = {
  readonly waiting: number;
  readonly onGpus: number;
  readonly completed: number;
  readonly failed: number;
};

export type PersonFigures = Counts &
  Spent & {
    readonly userId: string;
    readonly waits: Waits;
    /** How long jobs waited that were submitted while none of the person's own was under way: only others' jobs were ahead of those. */
    readonly turn: number | null;
    /** Since when a job of theirs waits though none of theirs is on a GPU. */
    readonly hungrySince: { readonly at: number; readonly jobId: string } | null;
  };
export type EndpointFigures = Spent & {
  readonly endpointId: string;
  readonly attempts: number;
  readonly lost: number;
};
export type ClassFigures = Counts &
  Spent & {
    readonly cancelled: number;
    readonly failedByReason: ReadonlyMap<Reason, number>;
    readonly waits: Waits;
    readonly people: readonly PersonFigures[];
    readonly endpoints: readonly EndpointFigures[];
  };

export const LOSSES: readonly string[] = ['never_started', 'lost', 'endpoint_unreachable'] satisfies Reason[];

type Wait = { readonly job: JobFact; readonly ms: number };

function spent(attempts: readonly AttemptFact[], prices: Prices, now: number): Spent {
  let [all, cost, unpricedMs] = [0, 0, 0];
  for (const attempt of attempts) {
    const ms = gpuMs(attempt, now);
    const price = prices.get(attempt.endpointId) ?? null;
    all += ms;
    if (price === null) unpricedMs += ms;
    else cost += (ms / 3_600_000) * price;
  }
  return { gpuMs: all, cost, unpricedMs };
}

/** What was sent for the first time counts with what it waited; what still waits for that, only as the worst. */
function waitsOf(sent: readonly Wait[], waiting: readonly Wait[]): Waits {
  const worst = [...sent, ...waiting].reduce<Wait | null>(
    (most, one) => (most && most.ms >= one.ms ? most : one),
    null,
  );
  return {
    median: median(sent.map(({ ms }) => ms)),
    worst: worst && { ms: worst.ms, jobId: worst.job.id, userId: worst.job.userId },
  };
}

function countsOf(jobs: readonly JobFact[]): Counts {
  const of = (...statuses: JobStatus[]) => jobs.filter(({ status }) => statuses.includes(status)).length;
  return {
    waiting: of('queued'),
    onGpus: of('dispatched', 'running', 'delivering'),
    completed: of('completed'),
    failed: of('failed'),
  };
}

/** One person's jobs that were submitted while none of the earlier ones was under way. */
function sentAlone(jobs: readonly JobFact[]): Set<string> {
  const alone = new Set<string>();
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const job of jobs.toSorted((a, b) => a.createdAt - b.createdAt)) {
    if (job.createdAt >= busyUntil) alone.add(job.id);
    busyUntil = Math.max(busyUntil, job.endedAt ?? Number.POSITIVE_INFINITY);
  }
  return alone;
}

function hungry(jobs: readonly JobFact[], attempts: readonly AttemptFact[]): PersonFigures['hungrySince'] {
  const oldest = jobs
    .filter(({ status }) => status === 'queued')
    .reduce<JobFact | null>((first, one) => (first && first.createdAt <= one.createdAt ? first : one), null);
  if (!oldest || jobs.some(({ status }) => status !== 'queued' && !isFinal(status))) return null;
  const lastEnd = Math.max(...attempts.map(({ endedAt }) => endedAt ?? 0), 0);
  return { at: Math.max(oldest.createdAt, lastEnd), jobId: oldest.id };
}

/** Price of an hour by endpoint, where it is known. */
export type Prices = ReadonlyMap<string, number | null>;

/** The figures of a class from `since` to `now`: of all jobs that are alive or have ended since, warm-ups aside. */
export function figuresOf(facts: ClassFacts, since: number, now: number, prices: Prices): ClassFigures {
  const isOf = ({ endedAt }: { endedAt: number | null }) => endedAt === null || endedAt >= since;
  const jobs = facts.jobs.filter((job) => !job.warmUp && isOf(job));
  const attempts = facts.attempts.filter(isOf);
  const wanted = attempts.filter(({ warmUp }) => !warmUp);
  const firstSent = new Map(wanted.flatMap(({ number, jobId, sentAt }) => (number === 1 ? [[jobId, sentAt]] : [])));
  const sent = jobs.flatMap((job): Wait[] => {
    const at = firstSent.get(job.id);
    return at === undefined ? [] : [{ job, ms: Math.max(0, at - job.createdAt) }];
  });
  const waiting = jobs
    .filter(({ id, status }) => status === 'queued' && !firstSent.has(id))
    .map((job): Wait => ({ job, ms: Math.max(0, now - job.createdAt) }));
  const [sentBy, waitingBy, attemptsBy] = [
    groupBy(sent, ({ job }) => job.userId),
    groupBy(waiting, ({ job }) => job.userId),
    groupBy(wanted, ({ userId }) => userId),
  ];
  const people = [...groupBy(jobs, ({ userId }) => userId)].map(([userId, own]): PersonFigures => {
    const alone = sentAlone(own);
    const theirs = sentBy.get(userId) ?? [];
    const tries = attemptsBy.get(userId) ?? [];
    return {
      userId,
      ...countsOf(own),
      ...spent(tries, prices, now),
      waits: waitsOf(theirs, waitingBy.get(userId) ?? []),
      turn: median(theirs.filter(({ job }) => alone.has(job.id)).map(({ ms }) => ms)),
      hungrySince: hungry(own, tries),
    };
  });
  const endpoints = [...groupBy(attempts, ({ endpointId }) => endpointId)].map(
    ([endpointId, own]): EndpointFigures => ({
      endpointId,
      ...spent(own, prices, now),
      attempts: own.length,
      lost: own.filter(({ outcome }) => outcome !== null && LOSSES.includes(outcome)).length,
    }),
  );
  const failedByReason = new Map<Reason, number>();
  for (const { status, reason } of jobs)
    if (status === 'failed' && reason !== null) failedByReason.set(reason, (failedByReason.get(reason) ?? 0) + 1);
  return {
    ...countsOf(jobs),
    cancelled: jobs.filter(({ status }) => status === 'cancelled').length,
    failedByReason,
    ...spent(attempts, prices, now),
    waits: waitsOf(sent, waiting),
    people,
    endpoints,
  };
}

export type FairnessFigures =
  | { readonly verdict: 'too early' }
  | { readonly verdict: 'even'; readonly lowMs: number; readonly highMs: number }
  | { readonly verdict: 'uneven'; readonly userId: string; readonly ms: number; readonly othersMs: number };

const MIN_PEOPLE = 3;
const FAR_LONGER = 3;
/** Below this nobody minds. */
const MIN_DIFFERENCE_MS = 60_000;

/** Whether turns come about as soon to everybody, by jobs for which only others were in the way. */
export function fairness(people: readonly Pick<PersonFigures, 'userId' | 'turn'>[]): FairnessFigures {
  const turns = people
    .flatMap(({ userId, turn }) => (turn === null ? [] : [{ userId, ms: turn }]))
    .sort((a, b) => a.ms - b.ms);
  const [least, most] = [turns[0], turns.at(-1)];
  if (!least || !most || turns.length < MIN_PEOPLE) return { verdict: 'too early' };
  const othersMs = median(turns.slice(0, -1).map(({ ms }) => ms)) ?? 0;
  return most.ms - othersMs >= MIN_DIFFERENCE_MS && most.ms >= FAR_LONGER * othersMs
    ? { verdict: 'uneven', userId: most.userId, ms: most.ms, othersMs }
    : { verdict: 'even', lowMs: least.ms, highMs: most.ms };
}
