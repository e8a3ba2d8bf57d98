import { z } from 'zod';
import { cutDetail } from '#src/domain/jobs/worker-words.ts';
import type { PlatformStore } from '#src/ports/platform.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

const outcome = z.enum(['lost', 'never_started']);
/** Begins what was added to a detail. */
const PROBABLY = 'probably: ';

export function createPlatformStore(db: Database): PlatformStore {
  return {
    async protections() {
      const rows = await db.scaleInProtection.findMany();
      return new Map(
        rows.map(({ deployment, minBefore, minSet, minAsked }) => [deployment, { minBefore, minSet, minAsked }]),
      );
    },
    async protection(deployment, protection, now) {
      await db.scaleInProtection.upsert({
        where: { deployment },
        update: protection,
        create: { deployment, ...protection, heldAt: new Date(now) },
      });
    },
    async letGo(deployment) {
      await db.scaleInProtection.deleteMany({ where: { deployment } });
    },
    async unexplained(since) {
      const rows = await db.attempt.findMany({
        where: { outcome: { in: outcome.options }, endedAt: { gt: new Date(since) } },
        orderBy: { endedAt: 'asc' },
        select: {
          id: true,
          jobId: true,
          endpointId: true,
          outcome: true,
          sentAt: true,
          startedAt: true,
          endedAt: true,
          detail: true,
        },
      });
      return rows.flatMap((row) =>
        row.endedAt === null || row.detail?.includes(PROBABLY)
          ? []
          : [
              {
                attemptId: row.id,
                jobId: row.jobId,
                endpointId: row.endpointId,
                outcome: outcome.parse(row.outcome),
                sentAt: row.sentAt.getTime(),
                startedAt: row.startedAt?.getTime() ?? null,
                endedAt: row.endedAt.getTime(),
              },
            ],
      );
    },
    async explain(attemptId, words) {
      await db.transaction(async (tx) => {
        const row = await tx.attempt.findUnique({ where: { id: attemptId }, select: { detail: true } });
        const detail = [row?.detail, `${PROBABLY}${words}`].filter(Boolean).join('; ');
        // One that has come through after all needs no explanation.
        await tx.attempt.updateMany({
          where: { id: attemptId, outcome: { in: outcome.options } },
          data: { detail: cutDetail(detail) },
        });
        await recordAction(tx);
      });
    },
  };
}
