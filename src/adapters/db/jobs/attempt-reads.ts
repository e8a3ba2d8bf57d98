import { groupBy } from '#src/domain/group-by.ts';
import { IN_FLIGHT, type JobStatus } from '#src/domain/jobs/job.ts';
import type { AttemptReader, Watched } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { inPieces } from '../in-pieces.ts';
import { AS_LISTED, duplicateAsAttempt, toAttempt, toListedJob } from '../rows.ts';
import { REVIVABLE } from './job-move.ts';

const LATE_OUTCOMES = ['completed', 'incomplete', 'timed_out', ...REVIVABLE];
const LEFT_OUTCOMES = ['cancelled', 'timed_out', 'superseded', ...REVIVABLE];

const WITH_JOB = { job: { include: { user: { select: { folder: true } } }, omit: AS_LISTED } } as const;

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
      const own = jobIds && { jobId: { in: [...jobIds] } };
      const mayDeliver = { in: LATE_OUTCOMES };
      const rows = await db.attempt.findMany({
        where: {
          ...own,
          OR: [
            { endedAt: null, job: { status: { in: [...IN_FLIGHT] } } },
            {
              endedAt: { gt: new Date(since) },
              outcome: mayDeliver,
              job: { status: { in: ['queued', ...IN_FLIGHT] } },
            },
            {
              endedAt: { gt: new Date(lateSince) },
              outcome: mayDeliver,
              job: { status: { in: ['completed', 'failed'] } },
            },
          ],
        },
        include: WITH_JOB,
      });
      const attempts = rows.flatMap((row): Watched[] => {
        const job = toListedJob(row.job);
        const role = roleOf(job.status, row.outcome);
        return role === null ? [] : [{ job, attempt: toAttempt(row), ownerFolder: row.job.user.folder, role }];
      });
      const ofDuplicates = { ...own, OR: [{ endedAt: null }, { endedAt: { gt: new Date(withdrawnSince) } }] };
      // There is hardly ever one, and their jobs are two more statements.
      const hasDuplicates = (await db.duplicate.findFirst({ where: ofDuplicates, select: { id: true } })) !== null;
      const duplicates = hasDuplicates ? await db.duplicate.findMany({ where: ofDuplicates, include: WITH_JOB }) : [];
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
