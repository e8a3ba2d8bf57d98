import { router } from '../trpc.ts';
import { announcement } from './announcement.ts';
import { backups } from './backups.ts';
import { clientLogs } from './client-logs.ts';
import { endpoints } from './endpoints.ts';
import { events } from './events.ts';
import { joinCodes } from './join-codes.ts';
import { monitoring } from './monitoring.ts';
import { overview } from './overview.ts';
import { participants } from './participants.ts';
import { platform } from './platform.ts';
import { queue } from './queue.ts';
import { settings } from './settings.ts';
import { storage } from './storage.ts';
import { tokens } from './tokens.ts';
import { workflows } from './workflows.ts';

export const admin = router({
  overview,
  participants,
  tokens,
  joinCodes,
  queue,
  endpoints,
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
