import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { parseGraph } from '#src/domain/graph.ts';
import { madeWith } from '#src/domain/made-with.ts';
import { presentResult } from './present.ts';
import { id, page, router, userProcedure } from './trpc.ts';

export const results = router({
  list: userProcedure.input(z.object(page).prefault({})).query(async ({ ctx, input }) => {
    const { items, nextCursor } = await ctx.deps.results.list({ userId: ctx.actor.userId, ...input });
    return { items: items.map(presentResult), nextCursor };
  }),

  get: userProcedure.input(z.object({ id })).query(async ({ ctx, input }) => {
    const result = await ctx.deps.results.find(input.id);
    if (!result || (result.userId !== ctx.actor.userId && ctx.actor.role !== 'operator'))
      throw new AppError('not_found', 'There is no such result.');
    const [job, graph] = await Promise.all([ctx.deps.jobs.find(result.jobId), ctx.deps.jobs.graph(result.jobId)]);
    if (!job || !graph) throw new AppError('not_found', 'There is no such result.');
    return {
      result: presentResult(result),
      job: {
        id: job.id,
        title: job.title,
        createdAt: new Date(job.createdAt).toISOString(),
        startedAt: job.startedAt === null ? null : new Date(job.startedAt).toISOString(),
        endedAt: job.endedAt === null ? null : new Date(job.endedAt).toISOString(),
      },
      madeWith: madeWith(parseGraph(JSON.parse(graph.prompt)), result.nodeId),
    };
  }),
});
