import { z } from 'zod';
import type { NodeErrors } from '#src/domain/errors.ts';
import { ALIVE, type JobStatus } from '#src/domain/jobs/job.ts';
import { cutDetail, cutMessage, cutNodeErrors, listedNodeErrors } from '#src/domain/jobs/worker-words.ts';
import { type Warning, withWarnings } from '#src/domain/warning.ts';
import type { Job, JobMoves, JobQueue } from '#src/ports/jobs.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { sql } from '../generated/internal/prismaNamespace.ts';
import { assignments, insertInto, time, type Values } from '../raw.ts';
import { removeGenerationMetadata, storeGenerationMetadata } from '../results/store-generation-metadata.ts';
import { toWarnings } from '../rows.ts';
import { jobUpdated } from '../store-event.ts';
import { move } from './job-move.ts';

const errorTexts = (errors: NodeErrors) => ({
  nodeErrors: JSON.stringify(cutNodeErrors(errors)),
  listedErrors: JSON.stringify(listedNodeErrors(errors)),
});

const owners = z.array(z.object({ userId: z.string() }));
const served = z.array(z.object({ at: time.nullable() }));

/** What a small graph makes happen in one moment: its transaction may wait so long for company. The folder and the worker tell it again if it is lost. */
const WITHIN_MS = { answered: 100, start: 50, heard: 500 };

/** What an attempt and a duplicate have both. */
const SENDING = {
  id: true,
  jobId: true,
  endpointId: true,
  plan: true,
  sentAt: true,
  answer: true,
  httpStatus: true,
  answeredAt: true,
} as const;

/** The moves of the state machine, and what else is written of a job on its way. */
export function jobMoves(db: Database, together: StoredTogether): JobMoves & Pick<JobQueue, 'setPriority'> {
  const alone = (
    step: Parameters<typeof move>[2],
    to: JobStatus,
    values: Values,
    also: (tx: Transaction, job: Job) => Promise<unknown> = async () => undefined,
  ): Promise<boolean> =>
    together(async (tx, announce) => (await move(tx, announce, step, to, values, (job) => also(tx, job))) !== null);

  const endAttempts = (tx: Transaction, jobId: string, outcome: string, now: number, detail: string | null = null) =>
    tx.attempt.updateMany({
      where: { jobId, endedAt: null },
      data: { endedAt: new Date(now), outcome, detail: detail === null ? null : cutDetail(detail) },
    });

  async function addWarnings(tx: Transaction, jobId: string, warnings: readonly Warning[]): Promise<void> {
    const row = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { warnings: true } });
    const all = withWarnings(toWarnings(row.warnings), warnings);
    await tx.job.update({ where: { id: jobId }, data: { warnings: JSON.stringify(all) } });
  }

  return {
    setPriority: (jobId, priority, now) =>
      together(async (tx, announce) => {
        const changed = await tx.job.updateMany({ where: { id: jobId, status: 'queued' }, data: { priority } });
        if (changed.count === 0) return false;
        await recordAction(tx);
        const { userId } = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { userId: true } });
        announce(jobUpdated(userId, jobId, now));
        return true;
      }),

    dispatch: ({ jobId, userId, endpointId, attemptId, plan, generations, warnings = [], isListened, now }) =>
      together((tx, announce) =>
        move(
          tx,
          announce,
          { jobId, attemptId: null, endpointId, attempts: 1, now },
          'dispatched',
          {},
          async ({ attemptCount, title, fingerprint }) => {
            if (warnings.length > 0) await addWarnings(tx, jobId, warnings);
            if (attemptCount === 1)
              await storeGenerationMetadata(tx, db.dialect, { jobId, userId, title }, generations);
            const attempt = {
              id: attemptId,
              jobId,
              endpointId,
              number: attemptCount,
              plan: JSON.stringify(plan),
              sentAt: new Date(now),
              fingerprint,
              heard: isListened ? false : null,
            };
            // Later than all others, though several are served in one millisecond or the clock was set back: whose turn it is follows from it.
            const [newest] = served.parse(
              await tx.$queryRaw`${insertInto('Attempt', [attempt])} RETURNING (SELECT MAX(u."lastServedAt") FROM "User" u) AS "at"`,
            );
            const servedAt = Math.max(now, (newest?.at ?? 0) + 1);
            await tx.$executeRaw`UPDATE "User" SET "lastServedAt" = ${new Date(servedAt)} WHERE "id" = ${userId}`;
          },
        ),
      ),

    // The attempt goes, so that none of what is counted, listed or recalled from attempts has to know of it; and its owner was not served.
    undoDispatch: ({ jobId, attemptId, now }) =>
      alone(
        { jobId, attemptId, now, unstarted: true, attempts: -1 },
        'queued',
        {},
        async (tx, { attemptCount, userId }) => {
          await tx.attempt.delete({ where: { id: attemptId } });
          if (attemptCount === 0) await removeGenerationMetadata(tx, jobId);
          const last = await tx.attempt.findFirst({
            where: { job: { userId } },
            orderBy: { sentAt: 'desc' },
            select: { sentAt: true },
          });
          await tx.user.update({ where: { id: userId }, data: { lastServedAt: last?.sentAt ?? null } });
        },
      ),

    answered: ({ jobId, attemptId, answer, httpStatus, plan, nodeErrors, now }) =>
      together.within(WITHIN_MS.answered, async (tx, announce) => {
        const values = { answer, httpStatus, answeredAt: new Date(now), plan: JSON.stringify(plan) };
        const waits = sql`WHERE "id" = ${attemptId} AND "endedAt" IS NULL AND "answer" IS NULL`;
        const [waited] = owners.parse(
          await tx.$queryRaw`
            UPDATE "Attempt" SET ${assignments(values)} ${waits}
            RETURNING (SELECT j."userId" FROM "Job" j WHERE j."id" = "Attempt"."jobId") AS "userId"`,
        );
        if (!waited) {
          await tx.$executeRaw`UPDATE "Duplicate" SET ${assignments(values)} ${waits}`;
          return;
        }
        if (nodeErrors) await tx.job.update({ where: { id: jobId }, data: errorTexts(nodeErrors) });
        announce(jobUpdated(waited.userId, jobId, now));
      }),

    async forgetRequests(now) {
      const asked = { endedAt: null, answer: null };
      const data = { answer: 'unknown', answeredAt: new Date(now) };
      await db.attempt.updateMany({ where: asked, data });
      await db.duplicate.updateMany({ where: asked, data });
    },

    start: (step) =>
      together.within(WITHIN_MS.start, async (tx, announce) => {
        const startedAt = new Date(step.now);
        const job = await move(
          tx,
          announce,
          step,
          'running',
          { startedAt },
          async () => tx.$executeRaw`UPDATE "Attempt" SET "startedAt" = ${startedAt} WHERE "id" = ${step.attemptId}`,
        );
        return job !== null;
      }),

    startDuplicate: ({ jobId, attemptId: duplicateId, now }) =>
      alone({ jobId, attemptId: null, duplicateId, now }, 'running', { startedAt: new Date(now) }, async (tx) => {
        const waited = await tx.attempt.findFirstOrThrow({ where: { jobId, endedAt: null }, select: SENDING });
        const first = await tx.duplicate.delete({ where: { id: duplicateId }, select: SENDING });
        await tx.attempt.update({ where: { id: waited.id }, data: { ...first, startedAt: new Date(now) } });
        await tx.duplicate.create({ data: { ...waited, endedAt: new Date(now) } });
      }),

    heard: (attemptId) =>
      together.within(WITHIN_MS.heard, async (tx) => {
        await tx.$executeRaw`UPDATE "Attempt" SET "heard" = ${true} WHERE "id" = ${attemptId} AND "heard" = ${false}`;
      }),

    markDelivering: (step) =>
      alone({ ...step, revive: true }, 'delivering', {}, async (tx) => {
        await tx.attempt.updateMany({
          where: { jobId: step.jobId, id: { not: step.attemptId }, endedAt: null },
          data: { endedAt: new Date(step.now), outcome: 'superseded' },
        });
        await tx.attempt.update({
          where: { id: step.attemptId },
          data: { wholeAt: new Date(step.now), endedAt: null, outcome: null },
        });
      }),

    complete: ({ warnings, needs, ...step }) =>
      alone(
        { ...step, revive: true, resultId: needs },
        'completed',
        { endedAt: new Date(step.now), reason: null, message: null },
        async (tx) => {
          const [id, now] = [step.attemptId, new Date(step.now)];
          await tx.$executeRaw`
            UPDATE "Attempt" SET "endedAt" = ${now}, "detail" = NULL,
              "outcome" = CASE WHEN "id" = ${id} THEN 'completed' ELSE 'superseded' END,
              "wholeAt" = CASE WHEN "id" = ${id} THEN COALESCE("wholeAt", ${now}) ELSE "wholeAt" END
            WHERE "jobId" = ${step.jobId} AND ("endedAt" IS NULL OR "id" = ${id})`;
          if (warnings.length > 0) await addWarnings(tx, step.jobId, warnings);
        },
      ),

    giveBack: ({ reason, detail, ...step }) =>
      alone(step, 'queued', { startedAt: null }, (tx) => endAttempts(tx, step.jobId, reason, step.now, detail)),

    fail: ({ jobId, attemptId, reason, message, nodeErrors, detail, httpStatus, now }) =>
      alone(
        { jobId, attemptId, now },
        'failed',
        {
          reason,
          message: cutMessage(message),
          endedAt: new Date(now),
          ...(nodeErrors && errorTexts(nodeErrors)),
        },
        async (tx) => {
          if (attemptId !== null && httpStatus !== undefined)
            await tx.attempt.update({ where: { id: attemptId }, data: { httpStatus, answeredAt: new Date(now) } });
          await endAttempts(tx, jobId, reason, now, detail ?? message);
        },
      ),

    stall: ({ jobId, reason, message, now }) =>
      together(async (tx, announce) => {
        const updated = await tx.job.updateMany({
          where: { id: jobId, status: { in: [...ALIVE] }, OR: [{ reason: null }, { reason: { not: reason } }] },
          data: { reason, message: cutMessage(message) },
        });
        if (updated.count === 0) return;
        const { userId } = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { userId: true } });
        announce(jobUpdated(userId, jobId, now));
      }),

    cancel: ({ jobId, message = 'Cancelled.', now }) =>
      alone(
        { jobId, attemptId: null, now },
        'cancelled',
        { reason: 'cancelled', message, endedAt: new Date(now) },
        async (tx) => {
          await endAttempts(tx, jobId, 'cancelled', now);
          await recordAction(tx);
        },
      ),
  };
}
