import { settingsChange } from '#src/domain/settings.ts';
import { operatorProcedure, router } from '../trpc.ts';

const CHANGE = 'admin.settings.change';
const MOST_CHANGES = 200;

export const settings = router({
  get: operatorProcedure.query(({ ctx }) => ctx.deps.settings.read()),
  change: operatorProcedure.input(settingsChange).mutation(({ ctx, input }) => ctx.deps.settings.change(input)),
  /** Who changed what, newest first; `changed` has the new values. */
  history: operatorProcedure.query(async ({ ctx }) => {
    const acts = await ctx.deps.acts.list({
      from: null,
      to: null,
      subjectId: null,
      words: CHANGE,
      limit: MOST_CHANGES,
      beforeId: null,
    });
    return acts
      .filter(({ type }) => type === CHANGE)
      .map(({ id, at, actor, detail }) => ({
        id,
        at: new Date(at).toISOString(),
        by: actor?.name ?? '',
        changed: detail,
      }));
  }),
});
