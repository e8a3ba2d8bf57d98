import type { NodeErrors } from '#src/domain/errors.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import { cutDetail, cutMessage, cutNodeErrors, listedNodeErrors } from '#src/domain/jobs/worker-words.ts';
import { type Warning, withWarnings } from '#src/domain/warning.ts';
import type { JobMoves, JobQueue } from '#src/ports/jobs.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { jobUpdated } from '../events/store-event.ts';
import { removeGenerationMetadata, storeGenerationMetadata } from '../results/store-generation-metadata.ts';
import { toWarnings } from '../rows.ts';
import { createMove } from './job-move.ts';

const errorTexts = (errors: NodeErrors) => ({
  nodeErrors: JSON.stringify(cutNodeErrors(errors)),
  listedErrors: JSON.stringify(listedNodeErrors(errors)),
});

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
  const move = createMove(together);

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
      move(
        { jobId, attemptId: null, endpointId, now },
        'dispatched',
        { attemptCount: { increment: 1 } },
        async (tx, { attemptCount, title, fingerprint }) => {
          if (warnings.length > 0) await addWarnings(tx, jobId, warnings);
          if (attemptCount === 1) await storeGenerationMetadata(tx, db.dialect, { jobId, userId, title }, generations);
          await tx.attempt.create({
            data: {
              id: attemptId,
              jobId,
              endpointId,
              number: attemptCount,
              plan: JSON.stringify(plan),
              sentAt: new Date(now),
              fingerprint,
              heard: isListened ? false : null,
            },
          });
          // Later than all others, though several are served in one millisecond or the clock was set back: whose turn it is follows from it.
          const { _max } = await tx.user.aggregate({ _max: { lastServedAt: true } });
          const servedAt = Math.max(now, (_max.lastServedAt?.getTime() ?? 0) + 1);
          await tx.user.update({ where: { id: userId }, data: { lastServedAt: new Date(servedAt) } });
        },
      ),

    // The attempt goes, so that none of what is counted, listed or recalled from attempts has to know of it; and its owner was not served.
    undoDispatch: ({ jobId, attemptId, now }) =>
      move(
        { jobId, attemptId, now, unstarted: true },
        'queued',
        { attemptCount: { increment: -1 } },
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
      together(async (tx, announce) => {
        const data = { answer, httpStatus, answeredAt: new Date(now), plan: JSON.stringify(plan) };
        const waits = { id: attemptId, endedAt: null, answer: null };
        if ((await tx.attempt.updateMany({ where: waits, data })).count === 0) {
          await tx.duplicate.updateMany({ where: waits, data });
          return;
        }
        const job = await tx.job.update({
          where: { id: jobId },
          data: nodeErrors ? errorTexts(nodeErrors) : {},
          select: { userId: true },
        });
        announce(jobUpdated(job.userId, jobId, now));
      }),

    async forgetRequests(now) {
      const asked = { endedAt: null, answer: null };
      const data = { answer: 'unknown', answeredAt: new Date(now) };
      await db.attempt.updateMany({ where: asked, data });
      await db.duplicate.updateMany({ where: asked, data });
    },

    start: (step) =>
      move(step, 'running', { startedAt: new Date(step.now) }, (tx) =>
        tx.attempt.update({ where: { id: step.attemptId }, data: { startedAt: new Date(step.now) } }),
      ),

    startDuplicate: ({ jobId, attemptId: duplicateId, now }) =>
      move({ jobId, attemptId: null, duplicateId, now }, 'running', { startedAt: new Date(now) }, async (tx) => {
        const waited = await tx.attempt.findFirstOrThrow({ where: { jobId, endedAt: null }, select: SENDING });
        const first = await tx.duplicate.delete({ where: { id: duplicateId }, select: SENDING });
        await tx.attempt.update({ where: { id: waited.id }, data: { ...first, startedAt: new Date(now) } });
        await tx.duplicate.create({ data: { ...waited, endedAt: new Date(now) } });
      }),

    heard: (attemptId) =>
      together(async (tx) => {
        await tx.attempt.updateMany({ where: { id: attemptId, heard: false }, data: { heard: true } });
      }),

    markDelivering: (step) =>
      move({ ...step, revive: true }, 'delivering', {}, async (tx) => {
        await tx.attempt.updateMany({
          where: { jobId: step.jobId, id: { not: step.attemptId }, endedAt: null },
          data: { endedAt: new Date(step.now), outcome: 'superseded' },
        });
        await tx.attempt.update({
          where: { id: step.attemptId },
          data: { wholeAt: new Date(step.now), endedAt: null, outcome: null },
        });
      }),

    complete: ({ warnings, ...step }) =>
      move(step, 'completed', { endedAt: new Date(step.now), reason: null, message: null }, async (tx) => {
        await endAttempts(tx, step.jobId, 'completed', step.now);
        if (warnings.length > 0) await addWarnings(tx, step.jobId, warnings);
      }),

    giveBack: ({ reason, detail, ...step }) =>
      move(step, 'queued', { startedAt: null }, (tx) => endAttempts(tx, step.jobId, reason, step.now, detail)),

    fail: ({ jobId, attemptId, reason, message, nodeErrors, detail, httpStatus, now }) =>
      move(
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
      move(
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
