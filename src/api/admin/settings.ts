import { settingsChange } from '#src/domain/settings.ts';
import { operatorProcedure, router } from '../trpc.ts';

const CHANGE = 'admin.settings.change';
const MAX_CHANGES = 200;

export const settings = router({
  get: operatorProcedure.query(({ ctx }) => ctx.deps.settings.read()),
  change: operatorProcedure.input(settingsChange).mutation(({ ctx, input }) => ctx.deps.settings.change(input)),
  /** Who changed what, newest first; `changed` has the new values. */
  history: operatorProcedure.query(async ({ ctx }) => {
    const auditEvents = await ctx.deps.auditLog.list({
      from: null,
      to: null,
      subjectId: null,
      words: CHANGE,
      limit: MAX_CHANGES,
      beforeId: null,
    });
    return auditEvents
      .filter(({ type }) => type === CHANGE)
      .map(({ id, at, actor, detail }) => ({
        id,
        at: new Date(at).toISOString(),
        by: actor?.name ?? '',
        changed: detail,
      }));
  }),
});
