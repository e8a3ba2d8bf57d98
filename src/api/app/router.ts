import { admin } from '../admin/router.ts';
import { announcement } from '../announcement.ts';
import { clientLogs } from '../client-logs.ts';
import { inputs } from '../inputs.ts';
import { jobs } from '../jobs.ts';
import { results } from '../results.ts';
import { session } from '../session.ts';
import { router } from '../trpc.ts';
import { wall } from '../wall.ts';
import { workflows } from '../workflows.ts';

export const appRouter = router({ session, jobs, inputs, results, wall, workflows, announcement, clientLogs, admin });
export type AppRouter = typeof appRouter;
