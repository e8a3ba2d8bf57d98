import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { readableGraph } from '#src/domain/workflow/graph-json.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import { id, router, seeing, userProcedure } from './trpc.ts';

export type WorkflowsDeps = {
  workflows: WorkflowStore;
};

const user = userProcedure.use(seeing((deps): WorkflowsDeps => deps));

export const workflows = router({
  /** What operators offer. */
  list: user.query(async ({ ctx }) => {
    const all = await ctx.deps.workflows.list();
    return all.filter(({ offered }) => offered).map(({ id, name, canRun }) => ({ id, name, canRun }));
  }),
  /** Whole numbers beyond 2^53 as text; where there are any, `exact…` is the graph's own JSON. In the editor's own form and, where it is known, in the API format. What was moved to the trash again can still be opened by who was told of it. */
  get: user.input(z.object({ id })).query(async ({ ctx, input }) => {
    const found = await ctx.deps.workflows.find(input.id);
    if (!found) throw new AppError('not_found', 'Workflow not found.');
    const prompt = readableGraph(found.prompt);
    const workflow = readableGraph(found.workflow);
    return {
      id: found.id,
      name: found.name,
      workflow: workflow.graph,
      prompt: prompt.graph,
      exactWorkflow: workflow.exact,
      exactPrompt: prompt.exact,
    };
  }),
});
