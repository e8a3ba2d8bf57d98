import { browserLogBatch } from '#src/domain/client-logs/browser-log-batch.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { writeLogs } from '#src/services/client-logs/write-logs.ts';
import { router, userProcedure } from './trpc.ts';

export const clientLogs = router({
  /** Errors and warnings of the caller's own browser. */
  push: userProcedure
    .meta({ maxBytes: REQUEST.listBytes })
    .input(browserLogBatch)
    .mutation(async ({ ctx, input }) => {
      await writeLogs(ctx.deps, ctx.actor, input);
      return { taken: input.entries.length };
    }),
});
