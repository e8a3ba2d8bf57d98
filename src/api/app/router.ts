import { type AdminDeps, admin } from '../admin/router.ts';
import { type AnnouncementDeps, announcement } from '../announcement.ts';
import { type ClientLogsDeps, clientLogs } from '../client-logs.ts';
import { type InputsDeps, inputs } from '../inputs.ts';
import { type JobsDeps, jobs } from '../jobs.ts';
import { type ResultsDeps, results } from '../results.ts';
import { type SessionDeps, session } from '../session.ts';
import { router } from '../trpc.ts';
import { type WallDeps, wall } from '../wall.ts';
import { type WorkflowsDeps, workflows } from '../workflows.ts';

/** What each router declares to need. */
type Declared = AdminDeps &
  AnnouncementDeps &
  ClientLogsDeps &
  InputsDeps &
  JobsDeps &
  ResultsDeps &
  SessionDeps &
  WallDeps &
  WorkflowsDeps;
declare module '../trpc.ts' {
  interface ApiDeps extends Declared {}
}

export const appRouter = router({ session, jobs, inputs, results, wall, workflows, announcement, clientLogs, admin });
export type AppRouter = typeof appRouter;
