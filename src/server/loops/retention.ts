import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import { cleanUp } from '#src/services/storage/clean-up.ts';
import { createLoop } from './loop.ts';

const EVERY_MS = 86_400_000;

/** Cleans up at the start and once a day, where that is switched on. */
export function createRetention(deps: Parameters<typeof cleanUp>[0] & { auditLog: AuditLog; log: Log }) {
  return createLoop(
    'retention',
    EVERY_MS,
    async () => {
      if (!(await deps.settings.read()).cleanUpDaily) return;
      const { at, ...gone } = await cleanUp(deps);
      if (gone.files > 0)
        await deps.auditLog.write({ at, actor: null, type: 'storage.cleanedUp', subjectId: null, detail: gone });
    },
    deps.log,
  );
}
