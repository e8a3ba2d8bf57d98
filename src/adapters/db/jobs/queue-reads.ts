import { z } from 'zod';
import { groupBy } from '#src/domain/group-by.ts';
import type { Waiting } from '#src/domain/jobs/fairness.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { inPieces } from '../in-pieces.ts';
import { flag, time } from '../raw.ts';
import { toIds } from '../rows.ts';

const START_TIMES = 20;

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

  return {
    async counts() {
      const waiting = await db.job.count({ where: { status: 'queued', warmUp: false } });
      const flying = await db.attempt.groupBy({ by: ['endpointId'], where: { endedAt: null }, _count: true });
      const inFlightByEndpoint = new Map(flying.map((row) => [row.endpointId, row._count]));
      return { waiting, inFlight: [...inFlightByEndpoint.values()].reduce((sum, n) => sum + n, 0), inFlightByEndpoint };
    },

    async queue() {
      const waiting = waitingRows.parse(
        await db.$queryRaw`
          SELECT "id", "userId", "priority", "queuedAt", "attemptCount", "endpointId", "rejectedBy"
          FROM "Job" WHERE "status" = 'queued'`,
      );
      const tried = await endpointsTried(waiting.filter((row) => row.attemptCount > 0).map(({ id }) => id));
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
      const caps = new Map(users.map(({ id, inFlightCap }) => [id, inFlightCap]));
      return {
        waiting: waiting.map(
          (row): Waiting => ({
            jobId: row.id,
            userId: row.userId,
            priority: row.priority,
            queuedAt: row.queuedAt,
            avoid: tried.get(row.id) ?? [],
            rejectedBy: toIds(row.rejectedBy),
            cap: caps.get(row.userId) ?? null,
            only: row.endpointId,
          }),
        ),
        inFlight: flying.map(({ userId, warmUp, endpointId }) => ({ userId: warmUp ? null : userId, endpointId })),
        lastServed: new Map(
          users.flatMap(({ id, lastServedAt }) => (lastServedAt === null ? [] : [[id, lastServedAt]])),
        ),
      };
    },

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
