import { groupBy } from '#src/domain/group-by.ts';
import type { Waiting } from '#src/domain/jobs/fairness.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { inPieces } from '../in-pieces.ts';
import { toIds } from '../rows.ts';

const START_TIMES = 20;

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
      const waiting = await db.job.findMany({
        where: { status: 'queued' },
        select: {
          id: true,
          userId: true,
          priority: true,
          queuedAt: true,
          attemptCount: true,
          endpointId: true,
          rejectedBy: true,
        },
      });
      const tried = await endpointsTried(waiting.filter((row) => row.attemptCount > 0).map(({ id }) => id));
      const flying = await db.attempt.findMany({
        where: { endedAt: null },
        select: { endpointId: true, job: { select: { userId: true, warmUp: true } } },
      });
      const users = await db.user.findMany({
        where: { OR: [{ lastServedAt: { not: null } }, { inFlightCap: { not: null } }] },
        select: { id: true, lastServedAt: true, inFlightCap: true },
      });
      const caps = new Map(users.map(({ id, inFlightCap }) => [id, inFlightCap]));
      return {
        waiting: waiting.map(
          (row): Waiting => ({
            jobId: row.id,
            userId: row.userId,
            priority: row.priority,
            queuedAt: row.queuedAt.getTime(),
            avoid: tried.get(row.id) ?? [],
            rejectedBy: toIds(row.rejectedBy),
            cap: caps.get(row.userId) ?? null,
            only: row.endpointId,
          }),
        ),
        inFlight: flying.map(({ job, endpointId }) => ({ userId: job.warmUp ? null : job.userId, endpointId })),
        lastServed: new Map(
          users.flatMap(({ id, lastServedAt }) => (lastServedAt ? [[id, lastServedAt.getTime()]] : [])),
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
