import type { Monitoring, ToolState } from '#src/ports/health.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminMonitoringDeps = {
  monitoring: Monitoring;
};

const operator = operatorProcedure.use(seeing((deps): AdminMonitoringDeps => deps));

const present = ({ problem, ...tool }: ToolState) => ({
  ...tool,
  problem: problem && { ...problem, since: new Date(problem.since).toISOString() },
});

export const monitoring = router({
  /** What watches over the machine, and whether it answers; empty where none is configured. */
  list: operator.query(async ({ ctx }) => (await ctx.deps.monitoring.list()).map(present)),
});
