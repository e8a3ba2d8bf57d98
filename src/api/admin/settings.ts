import { settingsChange } from '#src/domain/settings.ts';
import type { Acts } from '#src/ports/acts.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminSettingsDeps = {
  acts: Acts;
  settings: SettingStore;
};

const operator = operatorProcedure.use(seeing((deps): AdminSettingsDeps => deps));

const CHANGE = 'admin.settings.change';
const MOST_CHANGES = 200;

export const settings = router({
  get: operator.query(({ ctx }) => ctx.deps.settings.read()),
  change: operator.input(settingsChange).mutation(({ ctx, input }) => ctx.deps.settings.change(input)),
  /** Who changed what, newest first; `changed` has the new values. */
  history: operator.query(async ({ ctx }) => {
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
