import type { IgnoredOrphans } from '#src/ports/share.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { inPieces } from '../in-pieces.ts';

export function createIgnoredOrphans(db: Database): IgnoredOrphans {
  return {
    async list() {
      const rows = await db.ignoredOrphan.findMany({ select: { path: true } });
      return new Set(rows.map(({ path }) => path));
    },
    async set(paths, ignored, now) {
      await db.transaction(async (tx) => {
        await inPieces(paths, async (some) => {
          await tx.ignoredOrphan.deleteMany({ where: { path: { in: some } } });
          return [];
        });
        if (ignored)
          await tx.ignoredOrphan.createMany({
            data: [...new Set(paths)].map((path) => ({ path, ignoredAt: new Date(now) })),
          });
        await recordAction(tx);
      });
    },
  };
}
