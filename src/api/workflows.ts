import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { type MissingNode, missingNodes } from '#src/domain/node-catalogue/missing-nodes.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { givenGraph, readableGraph } from '#src/domain/workflow/graph-json.ts';
import { type MissingModel, missingModels } from '#src/domain/workflow/missing-models.ts';
import type { HandedWorkflows, Workflow, WorkflowStore } from '#src/ports/classes.ts';
import type { Positions } from '#src/ports/queue.ts';
import type { ModelNames } from '#src/ports/share.ts';
import { editorsText } from '#src/services/workflows/add-workflow.ts';
import { runWorkflow } from '#src/services/workflows/run-workflow.ts';
import { changes, receiptOf, submitted } from './submission.ts';
import { id, router, seeing, userProcedure } from './trpc.ts';

export type WorkflowsDeps = Parameters<typeof runWorkflow>[0] & {
  positions: Positions;
  workflows: WorkflowStore;
  handedWorkflows: HandedWorkflows;
  modelNames: ModelNames;
};

const user = userProcedure.use(seeing((deps): WorkflowsDeps => deps));

/** They are part of an address. */
const MAX_CLASSES = 200;

const name = z.string().min(1).max(1000);

/** Another picture has another address, so that it may be kept. */
export const pictureUrl = ({ id, pictureVersion }: Pick<Workflow, 'id' | 'pictureVersion'>): string | null =>
  pictureVersion === null ? null : `/files/workflows/${id}?v=${pictureVersion}`;

export const workflows = router({
  /** What operators offer, in their order. */
  list: user.query(async ({ ctx }) => {
    const all = await ctx.deps.workflows.list();
    return all
      .filter(({ offered }) => offered)
      .map((workflow, order) => ({
        id: workflow.id,
        name: workflow.name,
        canRun: workflow.canRun,
        order,
        makes: workflow.makes,
        pictureUrl: pictureUrl(workflow),
        preset: workflow.preset,
      }));
  }),
  /** Whole numbers beyond 2^53 as text; where there are any, `exact…` is the graph's own JSON. In the editor's own form and, where it is known, in the API format. What was moved to the trash again can still be opened by who was told of it. One's own that was handed over is found too. */
  get: user.input(z.object({ id })).query(async ({ ctx, input }) => {
    const handed = ctx.deps.handedWorkflows.find(ctx.actor.userId, input.id);
    const found = handed ? { ...handed, prompt: null } : await ctx.deps.workflows.find(input.id);
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
  /** A job of a class workflow: its graph is the server's, only these values differ. */
  run: user
    .input(z.object({ id, changes, ...submitted }))
    .mutation(async ({ ctx, input }) => receiptOf(ctx.deps, await runWorkflow(ctx.deps, ctx.actor, input))),

  /** Which of these models, as the loaders of a graph name them, are not there, and what is there instead. Nothing where the models cannot be seen. */
  missingModels: user
    .input(z.object({ needed: z.array(z.object({ name, folders: z.array(name).max(10).nullable() })).max(200) }))
    .query(async ({ ctx, input }): Promise<MissingModel[]> => {
      const files = await ctx.deps.modelNames.seen();
      return missingModels(
        input.needed.map((model) => ({ ...model, loaders: [] })),
        files ?? [],
      );
    }),

  /** Which of these classes of nodes no endpoint has, and what is there instead. Nothing where no endpoint's nodes are known, or not those of all. */
  missingNodes: user
    .input(z.object({ classes: z.array(name).max(MAX_CLASSES) }))
    .query(async ({ ctx, input }): Promise<MissingNode[]> => {
      const { endpoints, nodeCatalogues } = ctx.deps;
      const enabled = (await endpoints.list()).filter((endpoint) => endpoint.enabled).map(({ id }) => id);
      const notes = await nodeCatalogues.notes();
      const union = enabled.every((id) => notes.has(id)) ? await nodeCatalogues.union(enabled) : null;
      return union ? missingNodes(input.classes, union) : [];
    }),

  /** Keeps a workflow of the caller's for ten minutes, for their ComfyUI tab to open: `?comfyume-workflow=<id>`. */
  handOver: user
    .meta({ maxBytes: REQUEST.graphBytes })
    .input(z.object({ name: z.string().min(1).max(200), workflow: z.unknown().transform(givenGraph) }))
    .mutation(({ ctx, input }) => {
      const workflow = editorsText(input.workflow);
      return { id: ctx.deps.handedWorkflows.give(ctx.actor.userId, { name: input.name, workflow }) };
    }),
});
