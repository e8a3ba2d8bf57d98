import { z } from 'zod';
import type { ClassReading } from '#src/ports/statistics.ts';
import type { Database } from '../connection.ts';
import { Prisma } from '../generated/client.ts';
import { flag, time } from '../raw.ts';
import { toReason, toStatus } from '../rows.ts';

const { sql } = Prisma;

const jobs = z.array(
  z.object({
    id: z.string(),
    userId: z.string(),
    status: z.string().transform(toStatus),
    reason: z
      .string()
      .nullable()
      .transform((reason) => (reason === null ? null : toReason(reason))),
    createdAt: time,
    endedAt: time.nullable(),
    warmUp: flag,
  }),
);
const attempts = z.array(
  z.object({
    jobId: z.string(),
    userId: z.string(),
    endpointId: z.string(),
    number: z.coerce.number(),
    sentAt: time,
    answeredAt: time.nullable(),
    startedAt: time.nullable(),
    wholeAt: time.nullable(),
    endedAt: time.nullable(),
    outcome: z.string().nullable(),
    warmUp: flag,
    heard: flag.nullable(),
  }),
);

/** Both reads go along the index of ends and take no graphs and plans with them. */
export function createClassReading(db: Database): ClassReading {
  return {
    async since(from) {
      const since = new Date(from);
      const [jobRows, attemptRows] = await Promise.all([
        db.$queryRaw(sql`
          SELECT id, "userId", status, reason, "createdAt", "endedAt", "warmUp" FROM "Job"
          WHERE "endedAt" IS NULL OR "endedAt" >= ${since}`),
        db.$queryRaw(sql`
          SELECT a."jobId", j."userId", a."endpointId", a.number, a."sentAt", a."answeredAt", a."startedAt", a."wholeAt",
            a."endedAt", a.outcome, a.heard, j."warmUp"
          FROM "Attempt" a JOIN "Job" j ON j.id = a."jobId"
          WHERE a."endedAt" IS NULL OR a."endedAt" >= ${since}`),
      ]);
      return { jobs: jobs.parse(jobRows), attempts: attempts.parse(attemptRows) };
    },
    async prices() {
      const rows = await db.endpoint.findMany({ select: { id: true, pricePerHour: true } });
      return new Map(rows.map(({ id, pricePerHour }) => [id, pricePerHour]));
    },
  };
}
