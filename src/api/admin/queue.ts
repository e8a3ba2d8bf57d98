import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { ALIVE } from '#src/domain/job.ts';
import { presentJobs } from '../present.ts';
import { type ApiDeps, id, operatorProcedure, router } from '../trpc.ts';

const MOST_LISTED = 200;

async function queueState(deps: ApiDeps) {
  const [settings, counts] = await Promise.all([deps.settings.read(), deps.jobs.counts()]);
  return {
    intake: settings.intakePaused ? ('paused' as const) : ('open' as const),
    dispatch: settings.dispatchPaused ? ('paused' as const) : ('running' as const),
    waiting: counts.waiting,
    inFlight: counts.inFlight,
  };
}

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
  /** Everybody's jobs that wait or are on GPUs, in the order of their turns. */
  jobs: operatorProcedure.query(async ({ ctx }) => {
    const { items } = await ctx.deps.jobs.list({ userId: null, statuses: ALIVE, limit: MOST_LISTED, cursor: null });
    const names = new Map((await ctx.deps.users.list()).map(({ id, name }) => [id, name]));
    const views = await presentJobs(ctx.deps, items, ctx.actor.role);
    const rows = views.map((view, index) => ({
      ...view,
      owner: names.get(items[index]?.userId ?? '') ?? '',
      priority: items[index]?.priority ?? 0,
    }));
    return rows.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  }),
  prioritise: operatorProcedure
    .input(z.object({ id, priority: z.number().int().min(0).max(9) }))
    .mutation(async ({ ctx, input }) => {
      if (!(await ctx.deps.jobs.setPriority(input.id, input.priority, ctx.deps.clock.now())))
        throw new AppError('conflict', 'This job is not waiting in line any more.');
      return { ok: true };
    }),
});
