import { z } from 'zod';
import type { Database } from './connection.ts';
import { sql } from './generated/internal/prismaNamespace.ts';

const rows = z.array(z.object({ userId: z.string(), ms: z.coerce.number() }));

/** How long GPUs worked for each user, ms: from the first sign of life to the last file, or to the end. */
export async function gpuTimes(db: Database): Promise<Map<string, number>> {
  const found = rows.parse(
    await db.$queryRaw(sql`
      SELECT "Job"."userId", SUM(MAX(0, julianday(COALESCE("wholeAt", "Attempt"."endedAt")) - julianday("Attempt"."startedAt"))) * 86400000 AS ms
      FROM "Attempt" JOIN "Job" ON "Job"."id" = "Attempt"."jobId"
      WHERE NOT "Job"."warmUp" AND "Attempt"."startedAt" IS NOT NULL AND COALESCE("wholeAt", "Attempt"."endedAt") IS NOT NULL
      GROUP BY "Job"."userId"`),
  );
  return new Map(found.map(({ userId, ms }) => [userId, Math.round(ms)]));
}
