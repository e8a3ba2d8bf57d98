import { browserLogBatch } from '#src/domain/client-logs/browser-log-batch.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { writeLogs } from '#src/services/client-logs/write-logs.ts';
import { router, seeing, userProcedure } from './trpc.ts';

export type ClientLogsDeps = Parameters<typeof writeLogs>[0];

const user = userProcedure.use(seeing((deps): ClientLogsDeps => deps));

export const clientLogs = router({
  /** Errors and warnings of the caller's own browser. */
  push: user
    .meta({ maxBytes: REQUEST.listBytes })
    .input(browserLogBatch)
    .mutation(async ({ ctx, input }) => {
      await writeLogs(ctx.deps, ctx.actor, input);
      return { taken: input.entries.length };
    }),
});
