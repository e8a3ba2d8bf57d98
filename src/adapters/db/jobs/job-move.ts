import { cameFrom, isFinal, type JobStatus, type Reason } from '#src/domain/jobs/job.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Transaction } from '../connection.ts';
import { jobUpdated } from '../events/store-event.ts';
import type { Prisma } from '../generated/client.ts';

/** Attempts that were given up without knowing that they had failed. */
export const REVIVABLE = ['never_started', 'lost'] satisfies Reason[];

/** What is asked of a job that has moved. */
const MOVED = {
  userId: true,
  title: true,
  fingerprint: true,
  createdAt: true,
  startedAt: true,
  attemptCount: true,
} as const;
type Moved = Prisma.JobGetPayload<{ select: typeof MOVED }>;

export function createMove(together: StoredTogether) {
  /**
   * One compare-and-set with its event; `also` runs in the same transaction, only when the job did move. A move that an attempt makes counts only while
   * that attempt is in flight: one that was given up must not move the job that has gone on to the next, unless (`revive`) it has come through after all.
   * `unstarted`: only as long as it has shown no life. `duplicateId`: only while this one is not withdrawn. `endpointId`: only while this one has not been removed.
   */
  async function move(
    {
      jobId,
      attemptId,
      now,
      revive = false,
      unstarted = false,
      duplicateId,
      endpointId,
    }: {
      jobId: string;
      attemptId: string | null;
      now: number;
      revive?: boolean;
      unstarted?: boolean;
      duplicateId?: string;
      endpointId?: string;
    },
    to: JobStatus,
    data: {
      reason?: string | null;
      message?: string | null;
      nodeErrors?: string;
      listedErrors?: string;
      startedAt?: Date | null;
      endedAt?: Date;
      attemptCount?: { increment: number };
    },
    also: (tx: Transaction, job: Moved) => Promise<unknown> = async () => undefined,
  ): Promise<boolean> {
    return together(async (tx, announce) => {
      if (endpointId !== undefined && (await tx.endpoint.count({ where: { id: endpointId } })) === 0) return false;
      const [job] = await tx.job.updateManyAndReturn({
        where: {
          id: jobId,
          status: { in: cameFrom(to) },
          ...(duplicateId !== undefined && { duplicates: { some: { id: duplicateId, endedAt: null } } }),
          ...(attemptId !== null && {
            attempts: {
              some: {
                id: attemptId,
                ...(revive ? { OR: [{ endedAt: null }, { outcome: { in: REVIVABLE } }] } : { endedAt: null }),
                ...(unstarted && { startedAt: null }),
              },
            },
          }),
        },
        data: { status: to, ...data },
        select: MOVED,
      });
      if (!job) return false;
      await also(tx, job);
      // Only an attempt that waits has duplicates.
      if (to !== 'dispatched' && to !== 'completed')
        await tx.duplicate.updateMany({ where: { jobId, endedAt: null }, data: { endedAt: new Date(now) } });
      if (isFinal(to))
        await tx.graph.updateMany({ where: { jobId, extraData: { not: null } }, data: { extraData: null } });
      announce(jobUpdated(job.userId, jobId, now));
      announce({
        type: 'job.moved',
        to,
        now,
        createdAt: job.createdAt.getTime(),
        startedAt: job.startedAt?.getTime() ?? null,
        attemptCount: job.attemptCount,
      });
      return true;
    });
  }
  return move;
}
