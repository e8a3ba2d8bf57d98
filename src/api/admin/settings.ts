import { settingsChange } from '#src/domain/settings/settings.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminSettingsDeps = {
  auditLog: AuditLog;
  settings: SettingStore;
};

const operator = operatorProcedure.use(seeing((deps): AdminSettingsDeps => deps));

const CHANGE = 'admin.settings.change';
const MAX_CHANGES = 200;

export const settings = router({
  get: operator.query(({ ctx }) => ctx.deps.settings.read()),
  change: operator.input(settingsChange).mutation(({ ctx, input }) => ctx.deps.settings.change(input)),
  /** Who changed what, newest first; `changed` has the new values. */
  history: operator.query(async ({ ctx }) => {
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
