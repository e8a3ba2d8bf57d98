import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { MAX_PRESET, preset } from '#src/domain/fields/preset.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { givenGraph } from '#src/domain/workflow/graph-json.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import { addWorkflow } from '#src/services/workflows/add-workflow.ts';
import { setPicture } from '#src/services/workflows/set-picture.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';
import { pictureUrl } from '../workflows.ts';

export type AdminWorkflowsDeps = Parameters<typeof addWorkflow>[0] &
  Parameters<typeof setPicture>[0] & {
    workflows: WorkflowStore;
  };

const operator = operatorProcedure.use(seeing((deps): AdminWorkflowsDeps => deps));

const MAX_PICTURE_LENGTH = 200_000;
const MAX_ORDERED = 1000;

const missing = () => new AppError('not_found', 'Workflow not found.');

export const workflows = router({
  list: operator.query(async ({ ctx }) => {
    const all = await ctx.deps.workflows.list();
    return all.map(({ pictureVersion, ...workflow }) => ({
      ...workflow,
      pictureUrl: pictureUrl({ id: workflow.id, pictureVersion }),
      createdAt: new Date(workflow.createdAt).toISOString(),
    }));
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
  /** What the Run dialog says of it, and what its form has. */
  present: operator
    .input(z.object({ id, makes: z.string().trim().max(MAX_PRESET.makesLength), preset: z.nullable(preset) }))
    .mutation(async ({ ctx, input }) => {
      const shown = { makes: input.makes || null, preset: input.preset };
      if (!(await ctx.deps.workflows.present(input.id, shown))) throw missing();
      return { ok: true };
    }),
  /** A picture of any format, as base64, or null to remove it. */
  setPicture: operator
    .input(z.object({ id, picture: z.base64().min(1).max(MAX_PICTURE_LENGTH).nullable() }))
    .mutation(async ({ ctx, input }) => {
      await setPicture(ctx.deps, input.id, input.picture === null ? null : Buffer.from(input.picture, 'base64'));
      return { ok: true };
    }),
  order: operator.input(z.object({ ids: z.array(id).max(MAX_ORDERED) })).mutation(async ({ ctx, input }) => {
    await ctx.deps.workflows.order(input.ids);
    return { ok: true };
  }),
  remove: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.workflows.remove(input.id))) throw missing();
    return { ok: true };
  }),
});
