import { ALIVE, isFinal } from '#src/domain/jobs/job.ts';
import type { JobBoard, JobBoardFilter } from '#src/ports/queue.ts';
import type { Database } from '../connection.ts';
import type { Dialect } from '../dialect.ts';
import type { JobWhereInput } from '../generated/models.ts';
import { inPieces } from '../in-pieces.ts';
import { AS_LISTED, toAttempt, toListedJob, toStatus } from '../rows.ts';

function found({ statuses, userId, endpointId, reason, words }: JobBoardFilter, { contains }: Dialect): JobWhereInput {
  return {
    status: { in: [...statuses] },
    ...(userId !== null && { userId }),
    ...(endpointId !== null && { attempts: { some: { endpointId } } }),
    ...(reason !== null && { reason }),
    ...(words !== null && {
      OR: [{ title: contains(words) }, { user: { name: contains(words) } }, { id: words }],
    }),
  };
}

export function createJobBoard(db: Database): JobBoard {
  return {
    async alive(filter) {
      const statuses = filter.statuses.filter((status) => ALIVE.includes(status));
      const rows = await db.job.findMany({
        where: found({ ...filter, statuses }, db.dialect),
        select: { id: true, status: true, queuedAt: true },
      });
      return rows.map(({ id, status, queuedAt }) => ({ id, status: toStatus(status), queuedAt: queuedAt.getTime() }));
    },

    async ended(filter, from, limit) {
      const where = found({ ...filter, statuses: filter.statuses.filter(isFinal) }, db.dialect);
      const total = await db.job.count({ where });
      const rows = await db.job.findMany({
        where,
        orderBy: [{ endedAt: 'desc' }, { id: 'desc' }],
        skip: from,
        take: limit,
        select: { id: true },
      });
      return { ids: rows.map(({ id }) => id), total };
    },

    async some(jobIds) {
      const rows = await inPieces(jobIds, (some) => db.job.findMany({ where: { id: { in: some } }, omit: AS_LISTED }));
      const byId = new Map(rows.map((row) => [row.id, toListedJob(row)]));
      return jobIds.flatMap((id) => byId.get(id) ?? []);
    },

    async attempts(jobId) {
      const rows = await db.attempt.findMany({
        where: { jobId },
        orderBy: { number: 'asc' },
        include: { endpoint: { select: { name: true } } },
      });
      return rows.map((row) => {
        const { plan, ...attempt } = toAttempt(row);
        return {
          ...attempt,
          endpoint: row.endpoint.name,
          folder: plan.folder,
          endedAt: row.endedAt?.getTime() ?? null,
          outcome: row.outcome,
          detail: row.detail,
        };
      });
    },
  };
}
