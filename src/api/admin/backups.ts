import type { Backup, Backups } from '#src/ports/files/backup.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminBackupsDeps = {
  backups: Backups;
};

const operator = operatorProcedure.use(seeing((deps): AdminBackupsDeps => deps));

const present = ({ madeAt, ...backup }: Backup) => ({ ...backup, madeAt: new Date(madeAt).toISOString() });

export const backups = router({
  /** Newest first; null where no folder for them is set. */
  list: operator.query(async ({ ctx }) => (await ctx.deps.backups.list())?.map(present) ?? null),
  /** Answers when it is made, which takes as long as copying what is new. */
  make: operator.mutation(async ({ ctx }) => present(await ctx.deps.backups.make())),
});
