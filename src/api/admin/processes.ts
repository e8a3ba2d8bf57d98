import type { Processes, ProcessFacts } from '#src/ports/processes.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminProcessesDeps = {
  processes: Processes;
};

const operator = operatorProcedure.use(seeing((deps): AdminProcessesDeps => deps));

const present = ({ startedAt, ...facts }: ProcessFacts) => ({
  ...facts,
  startedAt: new Date(startedAt).toISOString(),
});

export const processes = router({
  /** What serves this installation; first the process that answers. */
  list: operator.query(({ ctx }) => ctx.deps.processes.list().map(present)),
});
