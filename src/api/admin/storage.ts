import { listStrays } from '#src/services/storage/list-strays.ts';
import { operatorProcedure, router } from '../trpc.ts';

export const storage = router({
  /** Looks through the whole share: only when an operator asks. */
  strays: operatorProcedure.query(async ({ ctx }) => {
    const { strays, more } = await listStrays(ctx.deps);
    return {
      more,
      strays: strays.map(({ path, bytes, changedAt }) => ({
        path,
        bytes,
        changedAt: new Date(changedAt).toISOString(),
      })),
    };
  }),
});
