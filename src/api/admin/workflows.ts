import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { givenGraph } from '#src/domain/workflow/graph-json.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import { addWorkflow } from '#src/services/workflows/add-workflow.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminWorkflowsDeps = Parameters<typeof addWorkflow>[0] & {
  workflows: WorkflowStore;
};

const operator = operatorProcedure.use(seeing((deps): AdminWorkflowsDeps => deps));

const missing = () => new AppError('not_found', 'Workflow not found.');

export const workflows = router({
  list: operator.query(async ({ ctx }) => {
    const all = await ctx.deps.workflows.list();
    return all.map((workflow) => ({ ...workflow, createdAt: new Date(workflow.createdAt).toISOString() }));
  }),
  add: operator
    .meta({ maxBytes: REQUEST.graphBytes })
    .input(
      z.object({
        name: z.string().trim().min(1).max(100),
        workflow: z.unknown().transform(givenGraph),
        prompt: z.unknown().optional().transform(givenGraph),
      }),
    )
    .mutation(({ ctx, input }) => addWorkflow(ctx.deps, input)),
  setOffered: operator.input(z.object({ id, offered: z.boolean() })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.workflows.setOffered(input.id, input.offered))) throw missing();
    return { ok: true };
  }),
  remove: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.workflows.remove(input.id))) throw missing();
    return { ok: true };
  }),
});
