import { z } from 'zod';
import { groupBy } from '#src/domain/group-by.ts';
import { ALIVE, IN_FLIGHT, type JobStatus } from '#src/domain/jobs/job.ts';
import type { AttemptReader, Watched } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { join, sql } from '../generated/internal/prismaNamespace.ts';
import { inPieces } from '../in-pieces.ts';
import { andIf, flag } from '../raw.ts';
import { AS_LISTED, duplicateAsAttempt, toAttempt, toListedJob } from '../rows.ts';
import { REVIVABLE } from './job-move.ts';
import { ATTEMPT_WITH_JOB, rawAttemptWithJob, toAttemptWithJob } from './raw-jobs.ts';

const LATE_OUTCOMES = ['completed', 'incomplete', 'timed_out', ...REVIVABLE];
const LEFT_OUTCOMES = ['cancelled', 'timed_out', 'superseded', ...REVIVABLE];

const WITH_JOB = { job: { include: { user: { select: { folder: true } } }, omit: AS_LISTED } } as const;

const watchedRows = z.array(
  rawAttemptWithJob.extend({ outcome: z.string().nullable(), ownerFolder: z.string(), hasDuplicates: flag }),
);

function roleOf(status: JobStatus, outcome: string | null): Watched['role'] | null {
  if (outcome === null) return 'live';
  if (status === 'completed') return outcome === 'completed' ? 'late' : null;
  return status === 'failed' ? 'late' : 'superseded';
}

export function attemptReads(db: Database): Omit<AttemptReader, 'newestAttempts' | 'newestSendings'> {
  return {
    async tries(jobId) {
      const rows = await db.attempt.findMany({
        where: { jobId },
        orderBy: { number: 'asc' },
        select: { sentAt: true, outcome: true },
      });
      return rows.map(({ sentAt, outcome }) => ({ sentAt: sentAt.getTime(), outcome }));
    },

    async endedTries(jobIds) {
      const rows = await inPieces(jobIds, (some) =>
        db.attempt.findMany({
          where: { jobId: { in: some }, outcome: { not: null } },
          orderBy: { number: 'asc' },
          select: { jobId: true, sentAt: true, outcome: true },
        }),
      );
      const tries = rows.map(({ sentAt, ...row }) => ({ ...row, sentAt: sentAt.getTime() }));
      return groupBy(tries, ({ jobId }) => jobId);
    },

    async watched({ since, lateSince = since, withdrawnSince = since, jobIds }) {
      if (jobIds?.length === 0) return [];
      const mayDeliver = sql`a."outcome" IN (${join(LATE_OUTCOMES)})`;
      const own = andIf(jobIds !== undefined, sql`a."jobId" IN (${join(jobIds ?? [''])})`);
      const rows = watchedRows.parse(
        await db.$queryRaw`
          SELECT ${ATTEMPT_WITH_JOB}, a."outcome", u."folder" AS "ownerFolder",
            EXISTS (SELECT 1 FROM "Duplicate" d WHERE d."jobId" = a."jobId") AS "hasDuplicates"
          FROM "Attempt" a JOIN "Job" j ON j."id" = a."jobId" JOIN "User" u ON u."id" = j."userId"
          WHERE (
            (a."endedAt" IS NULL AND j."status" IN (${join(IN_FLIGHT)}))
            OR (a."endedAt" > ${new Date(since)} AND ${mayDeliver} AND j."status" IN (${join(ALIVE)}))
            OR (a."endedAt" > ${new Date(lateSince)} AND ${mayDeliver} AND j."status" IN ('completed', 'failed'))
          ) ${own}`,
      );
      const attempts = rows.flatMap((row): Watched[] => {
        const { job, attempt } = toAttemptWithJob(row);
        const role = roleOf(job.status, row.outcome);
        return role === null ? [] : [{ job, attempt, ownerFolder: row.ownerFolder, role }];
      });
      const ofDuplicates = {
        ...(jobIds && { jobId: { in: [...jobIds] } }),
        OR: [{ endedAt: null }, { endedAt: { gt: new Date(withdrawnSince) } }],
      };
      // There is hardly ever one, and their jobs are two more statements.
      const seen = new Map(rows.map(({ id, hasDuplicates }) => [id, hasDuplicates]));
      const mayHaveSome = jobIds ? jobIds.some((id) => seen.get(id) ?? true) : true;
      const hasSome =
        mayHaveSome && (await db.duplicate.findFirst({ where: ofDuplicates, select: { id: true } })) !== null;
      const duplicates = hasSome ? await db.duplicate.findMany({ where: ofDuplicates, include: WITH_JOB }) : [];
      return [
        ...attempts,
        ...duplicates.map(
          (row): Watched => ({
            job: toListedJob(row.job),
            attempt: duplicateAsAttempt(row),
            ownerFolder: row.job.user.folder,
            role: row.endedAt === null ? 'duplicate' : 'withdrawn',
          }),
        ),
      ];
    },

    async knownAttempts(attemptIds) {
      const rows = await inPieces(attemptIds, async (some) => {
        const these = { where: { id: { in: some } }, select: { id: true } };
        return [...(await db.attempt.findMany(these)), ...(await db.duplicate.findMany(these))];
      });
      return new Set(rows.map(({ id }) => id));
    },

    async leftRunning(since) {
      const rows = await db.attempt.findMany({
        where: { endedAt: { gt: new Date(since) }, outcome: { in: LEFT_OUTCOMES } },
        orderBy: { endedAt: 'asc' },
      });
      return rows.map(toAttempt);
    },
  };
}
