import type { JobStatistics } from '#src/ports/statistics.ts';
import type { Database } from '../connection.ts';
import { toReason, toStatus } from '../rows.ts';

/** Counts read indexes only, but for failed jobs: old jobs and their plans are never read. */
export function createJobStatistics(db: Database): JobStatistics {
  return {
    async jobs() {
      const statuses = await db.job.groupBy({ by: ['status'], _count: true });
      const reasons = await db.job.groupBy({
        by: ['reason'],
        where: { status: 'failed', reason: { not: null } },
        _count: true,
      });
      return {
        byStatus: new Map(statuses.map((row) => [toStatus(row.status), row._count])),
        failedByReason: new Map(reasons.map((row) => [toReason(row.reason), row._count])),
      };
    },
    async attempts() {
      const outcomes = await db.attempt.groupBy({ by: ['outcome'], where: { outcome: { not: null } }, _count: true });
      return new Map(outcomes.map((row) => [row.outcome ?? '', row._count]));
    },
  };
}
