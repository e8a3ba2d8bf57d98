import { z } from 'zod';
import { canHave } from '#src/domain/files/derived.ts';
import { INPUT_KINDS } from '#src/domain/files/inputs.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { missingFiles } from '#src/services/inputs/missing-files.ts';
import { removeInputs } from '#src/services/inputs/remove-inputs.ts';
import { id, page, router, seeing, userProcedure } from './trpc.ts';

export type InputsDeps = Parameters<typeof missingFiles>[0] &
  Parameters<typeof removeInputs>[0] & {
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
    .input(z.object({ ...page, kind: z.enum(INPUT_KINDS).optional() }).prefault({}))
    .query(async ({ ctx, input }) => {
      const { kind = null, limit, cursor } = input;
      const { items, nextCursor } = await ctx.deps.inputs.list({ userId: ctx.actor.userId, kind, limit, cursor });
      return {
        items: items.map(({ id, name, kind, mime, bytes, createdAt }) => ({
          id,
          name,
          kind,
          mime,
          bytes,
          createdAt: new Date(createdAt).toISOString(),
          url: `/files/inputs/${id}`,
          thumbUrl: canHave('thumbnail', { kind, mime, duration: null }) ? `/files/inputs/${id}/thumb` : null,
        })),
        nextCursor,
      };
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
