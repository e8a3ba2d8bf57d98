import { API_KEY_MS } from '#src/domain/api-v2/submission.ts';
import type { ApiRequests } from '#src/ports/api-v2/requests.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { ClientLogs } from '#src/ports/client-logs.ts';
import type { EventLog } from '#src/ports/events.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';

const DAY_MS = 86_400_000;
/** What was missed for longer is not told one by one any more. */
const KEEP_EVENTS_DAYS = 7;
/** A class writes some thousands in a day that goes badly. */
const MAX_LOGS = 50_000;

type Deps = {
  events: Pick<EventLog, 'forgetBefore'>;
  auditLog: Pick<AuditLog, 'forgetBefore'>;
  clientLogs: Pick<ClientLogs, 'forget'>;
  apiRequests: Pick<ApiRequests, 'forgetBefore'>;
  settings: SettingStore;
  clock: Clock;
};

/** Lets go of what was logged long enough ago. */
export async function forgetOld({ events, auditLog, clientLogs, apiRequests, settings, clock }: Deps): Promise<void> {
  const { keepActsDays, keepLogsDays } = await settings.read();
  const before = (days: number): number => clock.now() - days * DAY_MS;
  await events.forgetBefore(before(KEEP_EVENTS_DAYS));
  await auditLog.forgetBefore(before(keepActsDays));
  await clientLogs.forget(before(keepLogsDays), MAX_LOGS);
  await apiRequests.forgetBefore(clock.now() - API_KEY_MS);
}
