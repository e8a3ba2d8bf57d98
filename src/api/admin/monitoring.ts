import type { ToolState } from '#src/ports/monitoring.ts';
import { operatorProcedure, router } from '../trpc.ts';

const present = ({ problem, ...tool }: ToolState) => ({
  ...tool,
  problem: problem && { ...problem, since: new Date(problem.since).toISOString() },
});

export const monitoring = router({
  /** What watches over the machine, and whether it answers; empty where none is configured. */
  list: operatorProcedure.query(async ({ ctx }) => (await ctx.deps.monitoring.list()).map(present)),
});
