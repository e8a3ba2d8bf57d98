import { z } from 'zod';
import type { Database } from '../connection.ts';
import { join } from '../generated/internal/prismaNamespace.ts';
import { date, time } from '../raw.ts';
import { toUser } from '../rows.ts';

const found = z.array(
  z
    .object({
      id: z.string(),
      tokenHash: z.string(),
      operatorId: z.string().nullable(),
      begunAt: time,
      expiresAt: time,
      parentId: z.string().nullable(),
      parentBegunAt: time.nullable(),
      parentExpiresAt: time.nullable(),
      userId: z.string(),
      name: z.string(),
      role: z.string(),
      folder: z.string(),
      passwordHash: z.string(),
      disabledAt: date.nullable(),
      comfyuiOffAt: date.nullable(),
      createdAt: date,
      lastSeenAt: date.nullable(),
      deletedAt: date.nullable(),
      waitingCap: z.number().nullable(),
      inFlightCap: z.number().nullable(),
    })
    .transform(
      ({ id, tokenHash, operatorId, begunAt, expiresAt, parentId, parentBegunAt, parentExpiresAt, ...user }) => ({
        id,
        tokenHash,
        operatorId,
        createdAt: begunAt,
        expiresAt,
        parent:
          parentId === null ? null : { id: parentId, createdAt: parentBegunAt ?? 0, expiresAt: parentExpiresAt ?? 0 },
        user: toUser({ ...user, id: user.userId }),
      }),
    ),
);
export type FoundSession = Omit<z.infer<typeof found>[number], 'tokenHash'>;

/** With their users, and the sessions of the gallery that they belong to: one statement, because every request waits for it. */
export async function findSessions(db: Database, tokenHashes: readonly string[]): Promise<(FoundSession | null)[]> {
  const rows = found.parse(
    await db.$queryRaw`
      SELECT s."id", s."tokenHash", s."operatorId", s."createdAt" AS "begunAt", s."expiresAt",
        p."id" AS "parentId", p."createdAt" AS "parentBegunAt", p."expiresAt" AS "parentExpiresAt",
        u."id" AS "userId", u."name", u."role", u."folder", u."passwordHash", u."disabledAt", u."comfyuiOffAt", u."createdAt",
        u."lastSeenAt", u."deletedAt", u."waitingCap", u."inFlightCap"
      FROM "Session" s JOIN "User" u ON u."id" = s."userId" LEFT JOIN "Session" p ON p."id" = s."parentId"
      WHERE s."tokenHash" IN (${join(tokenHashes)})`,
  );
  const byHash = new Map(rows.map(({ tokenHash, ...session }) => [tokenHash, session]));
  return tokenHashes.map((hash) => byHash.get(hash) ?? null);
}
