import { z } from 'zod';
import { groupBy } from '#src/domain/group-by.ts';
import type { Waiting } from '#src/domain/jobs/fairness.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { join, sql } from '../generated/internal/prismaNamespace.ts';
import { inPieces } from '../in-pieces.ts';
import { flag, time } from '../raw.ts';
import { toIds } from '../rows.ts';

const START_TIMES = 20;

const WAITING = sql`"id", "userId", "priority", "queuedAt", "attemptCount", "endpointId", "rejectedBy"`;
const waitingRows = z.array(
  z.object({
    id: z.string(),
    userId: z.string(),
    priority: z.number(),
    queuedAt: time,
    attemptCount: z.number(),
    endpointId: z.string().nullable(),
    rejectedBy: z.string().nullable(),
  }),
);
const flyingRows = z.array(z.object({ endpointId: z.string(), userId: z.string(), warmUp: flag }));
const userRows = z.array(
  z.object({ id: z.string(), lastServedAt: time.nullable(), inFlightCap: z.number().nullable() }),
);

export function queueReads(db: Database): Omit<JobQueue, 'setPriority'> {
  async function endpointsTried(jobIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await inPieces(jobIds, (some) =>
      db.attempt.findMany({ where: { jobId: { in: some } }, select: { jobId: true, endpointId: true } }),
    );
    const tried = groupBy(rows, ({ jobId }) => jobId);
    return new Map([...tried].map(([jobId, own]) => [jobId, own.map(({ endpointId }) => endpointId)]));
  }

  async function toWaiting(rows: z.infer<typeof waitingRows>, caps: ReadonlyMap<string, number>): Promise<Waiting[]> {
    const tried = await endpointsTried(rows.filter((row) => row.attemptCount > 0).map(({ id }) => id));
    return rows.map((row) => ({
      jobId: row.id,
      userId: row.userId,
      priority: row.priority,
      queuedAt: row.queuedAt,
      avoid: tried.get(row.id) ?? [],
      rejectedBy: toIds(row.rejectedBy),
      cap: caps.get(row.userId) ?? null,
      only: row.endpointId,
    }));
  }

  const occupancy: JobQueue['occupancy'] = async () => {
    const flying = flyingRows.parse(
      await db.$queryRaw`
        SELECT a."endpointId", j."userId", j."warmUp"
        FROM "Attempt" a JOIN "Job" j ON j."id" = a."jobId" WHERE a."endedAt" IS NULL`,
    );
    const users = userRows.parse(
      await db.$queryRaw`
        SELECT "id", "lastServedAt", "inFlightCap"
        FROM "User" WHERE "lastServedAt" IS NOT NULL OR "inFlightCap" IS NOT NULL`,
    );
    return {
      inFlight: flying.map(({ userId, warmUp, endpointId }) => ({ userId: warmUp ? null : userId, endpointId })),
      lastServed: new Map(users.flatMap(({ id, lastServedAt }) => (lastServedAt === null ? [] : [[id, lastServedAt]]))),
      caps: new Map(users.flatMap(({ id, inFlightCap }) => (inFlightCap === null ? [] : [[id, inFlightCap]]))),
    };
  };

  return {
    async counts() {
      const waiting = await db.job.count({ where: { status: 'queued', warmUp: false } });
      const flying = await db.attempt.groupBy({ by: ['endpointId'], where: { endedAt: null }, _count: true });
      const inFlightByEndpoint = new Map(flying.map((row) => [row.endpointId, row._count]));
      return { waiting, inFlight: [...inFlightByEndpoint.values()].reduce((sum, n) => sum + n, 0), inFlightByEndpoint };
    },

    async queue() {
      const rows = waitingRows.parse(await db.$queryRaw`SELECT ${WAITING} FROM "Job" WHERE "status" = 'queued'`);
      const { caps, ...occupied } = await occupancy();
      return { waiting: await toWaiting(rows, caps), ...occupied };
    },

    async waiting(jobIds) {
      const rows = await inPieces(jobIds, async (some) =>
        waitingRows.parse(
          await db.$queryRaw`SELECT ${WAITING} FROM "Job" WHERE "id" IN (${join([...some])}) AND "status" = 'queued'`,
        ),
      );
      return rows.length === 0 ? [] : toWaiting(rows, (await occupancy()).caps);
    },

    occupancy,

    async warmUps() {
      const rows = await db.job.findMany({
        where: { status: { in: [...ALIVE] }, warmUp: true },
        select: { id: true, endpointId: true },
      });
      return rows.map(({ id, endpointId }) => ({ jobId: id, endpointId }));
    },

    async startTimes() {
      const endpoints = await db.endpoint.findMany({
        select: {
          id: true,
          attempts: {
            where: { startedAt: { not: null } },
            orderBy: { sentAt: 'desc' },
            take: START_TIMES,
            select: { sentAt: true, startedAt: true },
          },
        },
      });
      return new Map(
        endpoints.map(({ id, attempts }) => [
          id,
          attempts.map(({ sentAt, startedAt }) => (startedAt ?? sentAt).getTime() - sentAt.getTime()),
        ]),
      );
    },
  };
}
