import { z } from 'zod';
import { missingFiles } from '#src/services/inputs/missing-files.ts';
import { router, userProcedure } from './trpc.ts';

const names = z.array(z.string().max(1000)).max(200);

export const inputs = router({
  /** Which of these names a workflow could not use now: to be asked before it is submitted. Files themselves go to `POST /api/inputs`. */
  missing: userProcedure.input(z.object({ names })).query(async ({ ctx, input }): Promise<string[]> => {
    const files = input.names.map((name) => ({ name, folder: 'input', certain: true }) as const);
    return (await missingFiles(ctx.deps, ctx.actor.userId, files)).map(({ name }) => name);
  }),
});
