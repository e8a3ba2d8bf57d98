import { clockFault } from '#src/domain/health/clock-report.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';

const NEWEST = { from: null, to: null, subjectId: null, words: null, limit: 1, beforeId: null };

/** Sessions, tokens and turns go by the clock: one in the past is told at once, and does not stop a class. */
export async function reportClock({
  auditLog,
  clock,
  log,
}: {
  auditLog: AuditLog;
  clock: Clock;
  log: Log;
}): Promise<void> {
  const now = clock.now();
  const [newest] = await auditLog.list(NEWEST);
  const sentence = clockFault(now, newest?.at ?? null);
  if (sentence === null) return;
  log.error({ what: 'Clock', doThis: 'Set the clock, then restart comfyume.' }, sentence);
  await auditLog.write({ at: now, actor: null, type: 'trouble.began', subjectId: null, detail: { sentence } });
}
