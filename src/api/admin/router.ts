import { router } from '../trpc.ts';
import { type AdminAnnouncementDeps, announcement } from './announcement.ts';
import { type AdminBackupsDeps, backups } from './backups.ts';
import { type AdminClientLogsDeps, clientLogs } from './client-logs.ts';
import { type AdminEndpointsDeps, endpoints } from './endpoints.ts';
import { type AdminEventsDeps, events } from './events.ts';
import { type AdminFrontEndsDeps, frontEnds } from './front-ends.ts';
import { type AdminJoinCodesDeps, joinCodes } from './join-codes.ts';
import { type AdminMonitoringDeps, monitoring } from './monitoring.ts';
import { type AdminOverviewDeps, overview } from './overview.ts';
import { type AdminParticipantsDeps, participants } from './participants.ts';
import { type AdminPlatformDeps, platform } from './platform.ts';
import { type AdminProcessesDeps, processes } from './processes.ts';
import { type AdminQueueDeps, queue } from './queue.ts';
import { type AdminSettingsDeps, settings } from './settings.ts';
import { type AdminStorageDeps, storage } from './storage.ts';
import { type AdminTokensDeps, tokens } from './tokens.ts';
import { type AdminWorkflowsDeps, workflows } from './workflows.ts';

export const admin = router({
  overview,
  participants,
  tokens,
  joinCodes,
  processes,
  queue,
  endpoints,
  frontEnds,
  platform,
  storage,
  backups,
  settings,
  events,
  monitoring,
  workflows,
  announcement,
  clientLogs,
});

export type AdminDeps = AdminAnnouncementDeps &
  AdminBackupsDeps &
  AdminClientLogsDeps &
  AdminEndpointsDeps &
  AdminEventsDeps &
  AdminFrontEndsDeps &
  AdminJoinCodesDeps &
  AdminMonitoringDeps &
  AdminOverviewDeps &
  AdminParticipantsDeps &
  AdminPlatformDeps &
  AdminProcessesDeps &
  AdminQueueDeps &
  AdminSettingsDeps &
  AdminStorageDeps &
  AdminTokensDeps &
  AdminWorkflowsDeps;
