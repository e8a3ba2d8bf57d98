import { settingsChange } from '#src/domain/settings.ts';
import { operatorProcedure, router } from '../trpc.ts';

export const settings = router({
  get: operatorProcedure.query(({ ctx }) => ctx.deps.settings.read()),
  change: operatorProcedure.input(settingsChange).mutation(({ ctx, input }) => ctx.deps.settings.change(input)),
});
