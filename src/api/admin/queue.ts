import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { ALIVE, IN_FLIGHT, isFinal, JOB_STATUSES, type JobStatus, REASONS } from '#src/domain/jobs/job.ts';
import { storyOf } from '#src/domain/jobs/job-story.ts';
import { spansOf } from '#src/domain/jobs/job-timings.ts';
import type { BoardFilter, OnBoard } from '#src/ports/job-board.ts';
import type { Job } from '#src/ports/jobs.ts';
import { cancelJob } from '#src/services/jobs/cancel-job.ts';
import { ownJob } from '#src/services/jobs/own-job.ts';
import { retryJob } from '#src/services/jobs/retry-job.ts';
import { presentJobs } from '../present.ts';
import { type ApiDeps, id, operatorProcedure, router } from '../trpc.ts';

const MAX_AT_ONCE = 500;
/** So many of the acts that name a job are told in its story. */
const MAX_AUDIT_EVENTS = 100;
const MAX_DETAIL_LENGTH = 20_000;

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

async function queueState(deps: ApiDeps) {
  const [settings, counts, left] = await Promise.all([deps.settings.read(), deps.jobs.counts(), deps.estimates.left()]);
  return {
    intake: settings.intakePaused ? ('paused' as const) : ('open' as const),
    dispatch: settings.dispatchPaused ? ('paused' as const) : ('running' as const),
    waiting: counts.waiting,
    inFlight: counts.inFlight,
    left,
  };
}

/** What an operator calls the states of jobs. */
const STATES = {
  alive: ALIVE,
  waiting: ['queued'],
  'on GPUs': IN_FLIGHT,
  ended: JOB_STATUSES.filter(isFinal),
  completed: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
} as const satisfies Record<string, readonly JobStatus[]>;

const filter = z.object({
  state: z.enum(['alive', 'waiting', 'on GPUs', 'ended', 'completed', 'failed', 'cancelled']).default('alive'),
  userId: id.nullish(),
  endpointId: id.nullish(),
  reason: z.enum(REASONS).nullish(),
  words: z.string().trim().min(1).max(100).nullish(),
});

/** What is on GPUs first, then the line in the order of turns. */
function inOrder(deps: ApiDeps, found: readonly OnBoard[]): string[] {
  const place = ({ id, status }: OnBoard): number =>
    status === 'queued' ? (deps.positions.of(id) ?? Number.MAX_SAFE_INTEGER) : 0;
  return found
    .map((one) => ({ ...one, place: place(one) }))
    .sort((a, b) => a.place - b.place || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

async function find(deps: ApiDeps, asked: z.infer<typeof filter>, from: number, limit: number) {
  const wanted: BoardFilter = {
    statuses: STATES[asked.state],
    userId: asked.userId ?? null,
    endpointId: asked.endpointId ?? null,
    reason: asked.reason ?? null,
    words: asked.words ?? null,
  };
  if (wanted.statuses.every(isFinal)) return deps.jobBoard.ended(wanted, from, limit);
  const ids = inOrder(deps, await deps.jobBoard.alive(wanted));
  return { ids: ids.slice(from, from + limit), total: ids.length };
}

async function present(deps: ApiDeps, jobs: readonly Job[]) {
  const names = new Map((await deps.users.list()).map(({ id, name }) => [id, name]));
  const views = await presentJobs(deps, jobs, 'operator');
  return views.flatMap(({ results, nodeErrors, ...view }, index) => {
    const job = jobs[index];
    if (!job) return [];
    return [
      {
        ...view,
        files: results.length,
        owner: names.get(job.userId) ?? '',
        priority: job.priority,
        warmUp: job.warmUp,
      },
    ];
  });
}

const several = z.object({ ids: z.array(id).min(1).max(MAX_AT_ONCE) });

/** Does it to each; what cannot be done to one is told and keeps nobody else from it. */
async function each(ids: readonly string[], act: (id: string) => Promise<unknown>) {
  const refusals: string[] = [];
  const done: string[] = [];
  const tried = await Promise.allSettled(ids.map(act));
  for (const [index, outcome] of tried.entries()) {
    if (outcome.status === 'fulfilled') done.push(ids[index] ?? '');
    else if (outcome.reason instanceof AppError) refusals.push(outcome.reason.message);
    else throw outcome.reason;
  }
  return { done, refused: refusals.length, why: refusals[0] ?? null };
}

const AUDIT_WORDS: Readonly<Record<string, string>> = {
  'admin.queue.prioritise': 'changed its priority',
  'admin.queue.cancel': 'cancelled it',
  'admin.queue.retry': 'ran it again',
};

export const queue = router({
  state: operatorProcedure.query(({ ctx }) => queueState(ctx.deps)),
  /** Nothing more is sent to GPUs; what waits keeps its place. With `intake`, no new jobs are taken either. */
  pause: operatorProcedure
    .input(z.object({ intake: z.boolean().default(false) }).prefault({}))
    .mutation(async ({ ctx, input }) => {
      await ctx.deps.settings.change({ dispatchPaused: true, ...(input.intake && { intakePaused: true }) });
      return queueState(ctx.deps);
    }),
  /** What waits is still sent, nothing new is taken: the line runs empty. */
  drain: operatorProcedure.mutation(async ({ ctx }) => {
    await ctx.deps.settings.change({ dispatchPaused: false, intakePaused: true });
    return queueState(ctx.deps);
  }),
  resume: operatorProcedure.mutation(async ({ ctx }) => {
    await ctx.deps.settings.change({ dispatchPaused: false, intakePaused: false });
    return queueState(ctx.deps);
  }),

  /** Everybody's jobs, from the `from`th on: those on GPUs first, then the line in the order of turns; of ended ones the newest end first. */
  jobs: operatorProcedure
    .input(
      z
        .object({
          ...filter.shape,
          from: z.number().int().min(0).default(0),
          limit: z.number().int().min(1).max(200).default(100),
        })
        .prefault({}),
    )
    .query(async ({ ctx: { deps }, input: { from, limit, ...asked } }) => {
      const { ids, total } = await find(deps, asked, from, limit);
      return { total, items: await present(deps, await deps.jobBoard.some(ids)) };
    }),
  /** The ids of all that the filter finds, as many as can be changed at once. */
  ids: operatorProcedure
    .input(filter.prefault({}))
    .query(async ({ ctx, input }) => (await find(ctx.deps, input, 0, MAX_AT_ONCE)).ids),

  prioritise: operatorProcedure
    .input(several.extend({ priority: z.number().int().min(0).max(9) }))
    .mutation(({ ctx: { deps }, input: { ids, priority } }) =>
      each(ids, async (jobId) => {
        if (!(await deps.jobs.setPriority(jobId, priority, deps.clock.now())))
          throw new AppError('conflict', 'This job is no longer queued.');
      }),
    ),
  cancel: operatorProcedure
    .input(several)
    .mutation(({ ctx, input }) => each(input.ids, (jobId) => cancelJob(ctx.deps, ctx.actor, jobId))),
  /** Once more, each for its owner. */
  retry: operatorProcedure
    .input(several)
    .mutation(({ ctx, input }) =>
      each(input.ids, (jobId) => retryJob(ctx.deps, ctx.actor, { id: jobId, newSeed: false })),
    ),

  /** One job's whole story. */
  story: operatorProcedure.input(z.object({ id })).query(async ({ ctx: { deps, actor }, input }) => {
    const job = await ownJob(deps.jobs, actor, input.id);
    const [[view], owner, attempts, auditEvents] = await Promise.all([
      presentJobs(deps, [job], 'operator'),
      deps.users.find(job.userId),
      deps.jobBoard.attempts(job.id),
      deps.auditLog.list({
        from: null,
        to: null,
        subjectId: null,
        actorId: null,
        words: job.id,
        limit: MAX_AUDIT_EVENTS,
        beforeId: null,
      }),
    ]);
    if (!view) throw new AppError('not_found', 'Job not found.');
    const now = deps.clock.now();
    const name = owner?.name ?? '';
    return {
      job: view,
      owner: { id: job.userId, name },
      priority: job.priority,
      now: iso(now),
      spans: spansOf(job, attempts, now),
      attempts: attempts.map((attempt) => ({
        ...attempt,
        sentAt: iso(attempt.sentAt),
        answeredAt: isoOrNull(attempt.answeredAt),
        startedAt: isoOrNull(attempt.startedAt),
        wholeAt: isoOrNull(attempt.wholeAt),
        endedAt: isoOrNull(attempt.endedAt),
        detail: attempt.detail?.slice(0, MAX_DETAIL_LENGTH) ?? null,
      })),
      story: storyOf({
        job,
        owner: name,
        attempts,
        files: view.results.map(({ id, filename, createdAt }) => ({ id, name: filename, at: Date.parse(createdAt) })),
        auditEvents: auditEvents.map(({ at, actor: by, type }) => ({
          at,
          what: `${by?.name ?? 'The system'} ${AUDIT_WORDS[type] ?? `did ${type}`}.`,
        })),
      }).map((happened) => ({
        ...happened,
        at: iso(happened.at),
        detail: happened.detail?.slice(0, MAX_DETAIL_LENGTH) ?? null,
      })),
    };
  }),
});
