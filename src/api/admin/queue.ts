import { z } from 'zod';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { ALIVE, IN_FLIGHT, isFinal, JOB_STATUSES, type JobStatus, REASONS } from '#src/domain/jobs/job.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Job, JobQueue, JobReader } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { JobBoard, JobBoardFilter, OnBoard, Positions } from '#src/ports/queue.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Estimates } from '#src/ports/statistics.ts';
import type { UserStore } from '#src/ports/users.ts';
import { cancelJob } from '#src/services/jobs/cancel-job.ts';
import { retryJob } from '#src/services/jobs/retry-job.ts';
import { refreshQueue } from '#src/services/jobs/show-queue.ts';
import { INTERNAL } from '../errors.ts';
import { type PresentDeps, presentJobs } from '../present.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';
import { readStory, type StoryDeps } from './queue-story.ts';

export type AdminQueueDeps = PresentDeps &
  StoryDeps &
  Parameters<typeof cancelJob>[0] &
  Parameters<typeof refreshQueue>[0] &
  Parameters<typeof retryJob>[0] & {
    auditLog: AuditLog;
    clock: Clock;
    estimates: Estimates;
    jobBoard: JobBoard;
    jobs: JobQueue & JobReader;
    log: Log;
    positions: Positions;
    settings: SettingStore;
    users: UserStore;
  };

const operator = operatorProcedure.use(seeing((deps): AdminQueueDeps => deps));

const MAX_AT_ONCE = 500;

async function queueState(deps: AdminQueueDeps) {
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
function inOrder(deps: AdminQueueDeps, found: readonly OnBoard[]): string[] {
  const places = deps.positions.all();
  const place = ({ id, status }: OnBoard): number =>
    status === 'queued' ? (places.get(id) ?? Number.MAX_SAFE_INTEGER) : 0;
  return found
    .map((one) => ({ ...one, place: place(one) }))
    .sort((a, b) => a.place - b.place || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

async function find(deps: AdminQueueDeps, asked: z.infer<typeof filter>, from: number, limit: number) {
  const wanted: JobBoardFilter = {
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

async function present(deps: AdminQueueDeps, jobs: readonly Job[]) {
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

/** Does it to each; order and places of the queue follow at once. What fails for one keeps no other from it: the answer says for which ones and why. */
async function each(deps: AdminQueueDeps, ids: readonly string[], act: (id: string) => Promise<unknown>) {
  const { auditLog, log } = deps;
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      try {
        await auditLog.part('ids', id, () => act(id));
        return null;
      } catch (error) {
        const known = appErrorIn(error);
        if (known === null) log.error({ err: error, job: id }, 'an operator’s change of a job failed');
        return { id, message: known?.message ?? INTERNAL };
      }
    }),
  );
  await refreshQueue(deps);
  const failures = outcomes.filter((outcome) => outcome !== null);
  const done = ids.filter((_, index) => outcomes[index] === null);
  return { done, failures, refused: failures.length, why: failures[0]?.message ?? null };
}

export const queue = router({
  state: operator.query(({ ctx }) => queueState(ctx.deps)),
  /** Nothing more is sent to GPUs; what waits keeps its place. With `intake`, no new jobs are taken either. */
  pause: operator
    .input(z.object({ intake: z.boolean().default(false) }).prefault({}))
    .mutation(async ({ ctx, input }) => {
      await ctx.deps.settings.change({ dispatchPaused: true, ...(input.intake && { intakePaused: true }) });
      return queueState(ctx.deps);
    }),
  /** What waits is still sent, nothing new is taken: the line runs empty. */
  drain: operator.mutation(async ({ ctx }) => {
    await ctx.deps.settings.change({ dispatchPaused: false, intakePaused: true });
    return queueState(ctx.deps);
  }),
  resume: operator.mutation(async ({ ctx }) => {
    await ctx.deps.settings.change({ dispatchPaused: false, intakePaused: false });
    return queueState(ctx.deps);
  }),

  /** Everybody's jobs, from the `from`th on: those on GPUs first, then the line in the order of turns; of ended ones the newest end first. */
  jobs: operator
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
  ids: operator
    .input(filter.prefault({}))
    .query(async ({ ctx, input }) => (await find(ctx.deps, input, 0, MAX_AT_ONCE)).ids),

  prioritise: operator
    .input(several.extend({ priority: z.number().int().min(0).max(9) }))
    .mutation(({ ctx: { deps }, input: { ids, priority } }) =>
      each(deps, ids, async (jobId) => {
        if (!(await deps.jobs.setPriority(jobId, priority, deps.clock.now())))
          throw new AppError('conflict', 'This job is no longer queued.');
      }),
    ),
  cancel: operator
    .input(several)
    .mutation(({ ctx, input }) => each(ctx.deps, input.ids, (jobId) => cancelJob(ctx.deps, ctx.actor, jobId))),
  /** Once more, each for its owner. */
  retry: operator
    .input(several)
    .mutation(({ ctx, input }) =>
      each(ctx.deps, input.ids, (jobId) => retryJob(ctx.deps, ctx.actor, { id: jobId, newSeed: false })),
    ),

  /** One job's whole story. */
  story: operator.input(z.object({ id })).query(({ ctx: { deps, actor }, input }) => readStory(deps, actor, input.id)),
});
