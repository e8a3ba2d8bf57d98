import type { IgnoredStrays } from '#src/ports/share.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { inPieces } from '../in-pieces.ts';

export function createIgnoredStrays(db: Database): IgnoredStrays {
  return {
    async list() {
      const rows = await db.ignoredStray.findMany({ select: { path: true } });
      return new Set(rows.map(({ path }) => path));
    },
    async set(paths, ignored, now) {
      await db.$transaction(async (tx) => {
        await inPieces(paths, async (some) => {
          await tx.ignoredStray.deleteMany({ where: { path: { in: some } } });
          return [];
        });
        if (ignored)
          await tx.ignoredStray.createMany({
            data: [...new Set(paths)].map((path) => ({ path, ignoredAt: new Date(now) })),
          });
        await recordAction(tx);
      });
    },
  };
}
