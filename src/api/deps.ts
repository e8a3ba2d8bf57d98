import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Turns } from '#src/ports/auth.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { AdminAnnouncementDeps } from './admin/announcement.ts';
import type { AdminBackupsDeps } from './admin/backups.ts';
import type { AdminClientLogsDeps } from './admin/client-logs.ts';
import type { AdminEndpointsDeps } from './admin/endpoints.ts';
import type { AdminEventsDeps } from './admin/events.ts';
import type { AdminJoinCodesDeps } from './admin/join-codes.ts';
import type { AdminMonitoringDeps } from './admin/monitoring.ts';
import type { AdminOverviewDeps } from './admin/overview.ts';
import type { AdminParticipantsDeps } from './admin/participants.ts';
import type { AdminPlatformDeps } from './admin/platform.ts';
import type { AdminQueueDeps } from './admin/queue.ts';
import type { AdminSettingsDeps } from './admin/settings.ts';
import type { AdminStorageDeps } from './admin/storage.ts';
import type { AdminTokensDeps } from './admin/tokens.ts';
import type { AdminWorkflowsDeps } from './admin/workflows.ts';
import type { AnnouncementDeps } from './announcement.ts';
import type { ClientLogsDeps } from './client-logs.ts';
import type { FeedDeps } from './feed.ts';
import type { InputsDeps } from './inputs.ts';
import type { JobsDeps } from './jobs.ts';
import type { PresentDeps } from './present.ts';
import type { ResultsDeps } from './results.ts';
import type { SessionDeps } from './session.ts';
import type { WallDeps } from './wall.ts';
import type { WorkflowsDeps } from './workflows.ts';

/** What a caller’s rights, bounds and audit entries need, whatever is called. */
export type CoreDeps = {
  auditLog: AuditLog;
  /** For mutations of participants, and for their queries. */
  calls: Turns;
  queries: Turns;
  clock: Clock;
  log: Log;
};

/** All that the routers declare to need, each for itself. */
export type ApiDeps = CoreDeps &
  AdminAnnouncementDeps &
  AdminBackupsDeps &
  AdminClientLogsDeps &
  AdminEndpointsDeps &
  AdminEventsDeps &
  AdminJoinCodesDeps &
  AdminMonitoringDeps &
  AdminOverviewDeps &
  AdminParticipantsDeps &
  AdminPlatformDeps &
  AdminQueueDeps &
  AdminSettingsDeps &
  AdminStorageDeps &
  AdminTokensDeps &
  AdminWorkflowsDeps &
  AnnouncementDeps &
  ClientLogsDeps &
  FeedDeps &
  InputsDeps &
  JobsDeps &
  PresentDeps &
  ResultsDeps &
  SessionDeps &
  WallDeps &
  WorkflowsDeps;
