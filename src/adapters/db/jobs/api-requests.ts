import type { ApiRequests } from '#src/ports/api-v2/requests.ts';
import type { Database } from '../connection.ts';
import { inPieces } from '../in-pieces.ts';

export function createApiRequests(db: Database): ApiRequests {
  return {
    begin: ({ id, userId, key, bodyHash, now, expiredBefore }) =>
      db.transaction(async (tx) => {
        await tx.apiRequest.deleteMany({ where: { userId, key, createdAt: { lt: new Date(expiredBefore) } } });
        const { id: known, bodyHash: hash } = await tx.apiRequest.upsert({
          where: { userId_key: { userId, key } },
          create: { id, userId, key, bodyHash, createdAt: new Date(now) },
          update: {},
        });
        return { id: known, bodyHash: hash };
      }),

    async forget(id) {
      await db.apiRequest.deleteMany({ where: { id } });
    },

    async forgetBefore(time) {
      await db.apiRequest.deleteMany({ where: { createdAt: { lt: new Date(time) } } });
    },

    async metadata(jobIds) {
      const rows = await inPieces(jobIds, (some) =>
        db.graph.findMany({
          where: { jobId: { in: some }, metadata: { not: null } },
          select: { jobId: true, metadata: true },
        }),
      );
      return new Map(rows.flatMap(({ jobId, metadata }) => (metadata === null ? [] : [[jobId, metadata] as const])));
    },
  };
}
