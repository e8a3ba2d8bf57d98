import { z } from 'zod';
import { missingFiles } from '#src/services/inputs/missing-files.ts';
import { router, userProcedure } from './trpc.ts';

const names = z.array(z.string().max(1000)).max(200);
const bytes = z.array(z.number().int().nonnegative().nullable()).max(200).optional();

export const inputs = router({
  /**
   * Which of these names a workflow could not use now: to be asked before it is submitted. Files themselves go to `POST /api/inputs`. With `bytes`, one for
   * each name, an upload of another size is not the file that is meant.
   */
  missing: userProcedure.input(z.object({ names, bytes })).query(async ({ ctx, input }): Promise<string[]> => {
    const files = input.names.map(
      (name, at) => ({ name, folder: 'input', certain: true, bytes: input.bytes?.[at] ?? null }) as const,
    );
    return (await missingFiles(ctx.deps, ctx.actor.userId, files)).map(({ name }) => name);
  }),
});
