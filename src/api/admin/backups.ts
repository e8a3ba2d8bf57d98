import type { Backup } from '#src/ports/backup.ts';
import { operatorProcedure, router } from '../trpc.ts';

const present = ({ madeAt, ...backup }: Backup) => ({ ...backup, madeAt: new Date(madeAt).toISOString() });

export const backups = router({
  /** Newest first; null where no folder for them is set. */
  list: operatorProcedure.query(async ({ ctx }) => (await ctx.deps.backups.list())?.map(present) ?? null),
  /** Answers when it is made, which takes as long as copying what is new. */
  make: operatorProcedure.mutation(async ({ ctx }) => present(await ctx.deps.backups.make())),
});
