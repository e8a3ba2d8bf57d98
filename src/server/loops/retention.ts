import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import { cleanUp, planCleanUp } from '#src/services/storage/clean-up.ts';
import { createLoop } from './loop.ts';

const EVERY_MS = 86_400_000;

/** Cleans up at the start and once a day, where that is switched on. */
export function createRetention(deps: Parameters<typeof cleanUp>[0] & { auditLog: AuditLog; log: Log }) {
  return createLoop(
    'retention',
    EVERY_MS,
    async () => {
      if (!(await deps.settings.read()).cleanUpDaily) return;
      // An entry each day that nothing went would be noise.
      if ((await planCleanUp(deps)).size === 0) return;
      const entry = { at: deps.clock.now(), actor: null, type: 'storage.cleanedUp', subjectId: null, detail: {} };
      await deps.auditLog.record(
        entry,
        () => cleanUp(deps),
        ({ at, ...gone }) => gone,
      );
    },
    deps.log,
  );
}
