import { z } from 'zod';
import { groupBy } from '#src/domain/group-by.ts';
import type { Duplicate, DuplicateStore } from '#src/ports/duplicates.ts';
import type { Bus } from '#src/ports/events.ts';
import { storedTogether } from '../batched-transaction.ts';
import type { Database } from '../connection.ts';
import { flag, time } from '../raw.ts';

/** One of which no end was seen counts for no longer: it was interrupted, for which every replica is asked within this time. One that cannot be interrupted writes its files, and is seen to end. */
const MAX_WASTED_MS = 5000;

const SHORT = { id: true, jobId: true, endpointId: true } as const;

const flights = z.array(
  z.object({
    attemptId: z.string(),
    jobId: z.string(),
    endpointId: z.string(),
    sentAt: time,
    answer: z.string().nullable(),
    status: z.string(),
    warmUp: flag,
    hasDuplicates: flag,
  }),
);

const wastedMs = (rows: readonly { startedAt: Date | null; stoppedAt: Date | null }[], now: number): number =>
  rows.reduce((sum, { startedAt, stoppedAt }) => {
    if (startedAt === null) return sum;
    const ran = (stoppedAt?.getTime() ?? now) - startedAt.getTime();
    return sum + Math.min(MAX_WASTED_MS, Math.max(0, ran));
  }, 0);

export function createDuplicateStore(db: Database, bus: Bus): DuplicateStore {
  const together = storedTogether(db, bus);
  return {
    async flights() {
      const attempts = flights.parse(
        await db.$queryRaw`
          SELECT a."id" AS "attemptId", a."jobId", a."endpointId", a."sentAt", a."answer", j."status", j."warmUp",
            EXISTS (SELECT 1 FROM "Duplicate" d WHERE d."jobId" = a."jobId" AND d."endedAt" IS NULL) AS "hasDuplicates"
          FROM "Attempt" a JOIN "Job" j ON j."id" = a."jobId"
          WHERE a."endedAt" IS NULL AND j."status" IN ('dispatched', 'running')`,
      );
      const duplicates = attempts.some(({ hasDuplicates }) => hasDuplicates)
        ? await db.duplicate.findMany({
            where: { endedAt: null },
            select: { id: true, jobId: true, sentAt: true },
          })
        : [];
      const ofJob = groupBy(duplicates, ({ jobId }) => jobId);
      return attempts.map(({ answer, status, hasDuplicates: _, ...flight }) => ({
        ...flight,
        isAccepted: answer === 'accepted',
        isRunning: status === 'running',
        duplicates: (ofJob.get(flight.jobId) ?? []).map((one) => ({ id: one.id, sentAt: one.sentAt.getTime() })),
      }));
    },

    add: ({ id, jobId, attemptId, endpointId, plan, replaces, now }) =>
      together(async (tx, announce) => {
        const waits = await tx.attempt.count({
          where: { id: attemptId, jobId, endedAt: null, startedAt: null, job: { status: 'dispatched' } },
        });
        if (waits === 0) return false;
        const at = new Date(now);
        await tx.duplicate.create({ data: { id, jobId, endpointId, plan: JSON.stringify(plan), sentAt: at } });
        if (replaces !== null) {
          await tx.duplicate.updateMany({ where: { id: replaces, jobId, endedAt: null }, data: { endedAt: at } });
          announce({ type: 'duplicates.withdrawn', jobId });
        }
        announce({ type: 'duplicate.sent', jobId });
        return true;
      }),

    async withdraw(id, now) {
      await db.duplicate.updateMany({ where: { id, endedAt: null }, data: { endedAt: new Date(now) } });
    },

    withdrawn: (since): Promise<Duplicate[]> =>
      db.duplicate.findMany({ where: { endedAt: { gt: new Date(since) } }, select: SHORT }),

    async startedLate(id, now) {
      await db.duplicate.updateMany({ where: { id, startedAt: null }, data: { startedAt: new Date(now) } });
    },

    async stopped(id, now) {
      await db.duplicate.updateMany({
        where: { id, startedAt: { not: null }, stoppedAt: null },
        data: { stoppedAt: new Date(now) },
      });
    },

    async ofJob(jobId, now) {
      const rows = await db.duplicate.findMany({ where: { jobId }, select: { startedAt: true, stoppedAt: true } });
      return { sent: rows.length, wastedMs: wastedMs(rows, now) };
    },

    async figures(since, now) {
      const sentAt = { gt: new Date(since) };
      const sent = await db.duplicate.groupBy({ by: ['endpointId'], where: { sentAt }, _count: true });
      const ran = await db.duplicate.findMany({
        where: { sentAt, startedAt: { not: null } },
        select: { endpointId: true, startedAt: true, stoppedAt: true },
      });
      const ofEndpoint = groupBy(ran, ({ endpointId }) => endpointId);
      return new Map(
        sent.map(({ endpointId, _count }) => [
          endpointId,
          { sent: _count, wastedMs: wastedMs(ofEndpoint.get(endpointId) ?? [], now) },
        ]),
      );
    },
  };
}
