import { z } from 'zod';
import { INPUT_KINDS } from '#src/domain/files/input-kinds.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { addResult } from '#src/services/inputs/add-result.ts';
import { missingFiles } from '#src/services/inputs/missing-files.ts';
import { placesFor } from '#src/services/inputs/places-for.ts';
import { removeInputs } from '#src/services/inputs/remove-inputs.ts';
import { type InputView, presentInputs } from './present-input.ts';
import { id, page, router, seeing, userProcedure } from './trpc.ts';

export type InputsDeps = Parameters<typeof missingFiles>[0] &
  Parameters<typeof removeInputs>[0] &
  Parameters<typeof addResult>[0] &
  Parameters<typeof placesFor>[0] & {
    inputs: InputStore;
    settings: SettingStore;
  };

const user = userProcedure.use(seeing((deps): InputsDeps => deps));

const MAX_REMOVED = 1000;
const names = z.array(z.string().max(1000)).max(200);
const bytes = z.array(z.number().int().nonnegative().nullable()).max(200).optional();

export const inputs = router({
  /**
   * Which of these names a workflow could not use now: to be asked before it is submitted. Files themselves go to `POST /api/inputs`. With `bytes`, one for
   * each name, an upload of another size is not the file that is meant.
   */
  missing: user.input(z.object({ names, bytes })).query(async ({ ctx, input }): Promise<string[]> => {
    const files = input.names.map(
      (name, at) => ({ name, folder: 'input', certain: true, bytes: input.bytes?.[at] ?? null }) as const,
    );
    return (await missingFiles(ctx.deps, ctx.actor.userId, files)).map(({ name }) => name);
  }),

  list: user
    .input(
      z.object({ ...page, kind: z.enum(INPUT_KINDS).optional(), words: z.string().max(200).default('') }).prefault({}),
    )
    .query(async ({ ctx, input }) => {
      const { kind = null, limit, cursor } = input;
      const words = input.words.split(/\s+/).filter((word) => word !== '');
      const query = { userId: ctx.actor.userId, kind, words, limit, cursor };
      const { items, nextCursor } = await ctx.deps.inputs.list(query);
      return { items: await presentInputs(ctx.deps, items), nextCursor };
    }),

  /** Where a file of this kind can be used: recent jobs of the caller that took one, and workflows that operators offer. */
  places: user.input(z.object({ kind: z.enum(INPUT_KINDS) })).query(async ({ ctx, input }) => {
    const { jobs, workflows } = await placesFor(ctx.deps, ctx.actor.userId, input.kind);
    return {
      jobs: jobs.map((job) => ({ ...job, createdAt: new Date(job.createdAt).toISOString() })),
      workflows,
    };
  }),

  /** Makes a result of the caller's one of their uploads. */
  addResult: user.input(z.object({ resultId: id })).mutation(async ({ ctx, input }): Promise<InputView> => {
    const added = await addResult(ctx.deps, ctx.actor, input.resultId);
    return (await presentInputs(ctx.deps, [added]))[0]!;
  }),

  /** How much the caller has, and may have. */
  total: user.query(async ({ ctx }) => {
    const { inputBytesPerParticipant } = await ctx.deps.settings.read();
    return { ...(await ctx.deps.inputs.total(ctx.actor.userId)), maxBytes: inputBytesPerParticipant };
  }),

  /** Takes uploads away; jobs that were submitted before keep what they need until they end. */
  remove: user
    .input(z.object({ ids: z.array(id).min(1).max(MAX_REMOVED) }))
    .mutation(async ({ ctx, input }) => ({ removed: await removeInputs(ctx.deps, ctx.actor, input.ids) })),
});
