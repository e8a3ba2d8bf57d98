import { z } from 'zod';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { ComfyuiJob, ComfyuiJobs, PromptFilter } from '#src/ports/comfyui/jobs.ts';
import type { Database } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type * as Rows from '../generated/models.ts';
import { inPieces } from '../in-pieces.ts';
import { AS_LISTED, toJob, toListedJob } from '../rows.ts';

const told = z.enum(['nothing', 'start', 'end']);

type Known = Pick<Rows.JobModel, 'id' | 'promptId' | 'clientId' | 'comfyuiTold' | 'comfyuiHidden'>;
const names = ({ id, promptId, clientId, comfyuiTold, comfyuiHidden }: Known) => ({
  promptId: promptId ?? id,
  clientId,
  told: told.parse(comfyuiTold),
  isHidden: comfyuiHidden,
});
const listed = (row: Parameters<typeof toListedJob>[0] & Known): ComfyuiJob => ({
  job: toListedJob(row),
  ...names(row),
});

/** A job that has been given a name goes by that only. */
const called = (promptIds: readonly string[]) => ({
  OR: [{ promptId: { in: [...promptIds] } }, { promptId: null, id: { in: [...promptIds] } }],
});

const filtered = ({ userId, statuses, workflowId }: PromptFilter) => ({
  userId,
  warmUp: false,
  comfyuiHidden: false,
  status: { in: [...statuses] },
  NOT: { status: 'cancelled', startedAt: null },
  ...(workflowId !== undefined && { workflowId }),
});

export function createComfyuiJobs(db: Database): ComfyuiJobs {
  const alive = (userId: string) => ({ userId, status: { in: [...ALIVE] }, warmUp: false });
  return {
    async find(userId, promptId) {
      const row = await db.job.findFirst({ where: { userId, warmUp: false, ...called([promptId]) } });
      return row && { job: toJob(row), ...names(row) };
    },

    async alive(userId) {
      const rows = await db.job.findMany({
        where: alive(userId),
        orderBy: [{ queuedAt: 'asc' }, { id: 'asc' }],
        omit: AS_LISTED,
      });
      return rows.map(listed);
    },

    countAlive: (userId) => db.job.count({ where: alive(userId) }),

    async list({ sort, order, limit, offset, after, ...filter }) {
      const field = sort === 'ended' ? 'endedAt' : 'createdAt';
      const than = order === 'desc' ? 'lt' : 'gt';
      const last = after === null ? null : fromCursor(after);
      const rows = await db.job.findMany({
        where: {
          ...filtered(filter),
          ...(last && { OR: [{ [field]: { [than]: last.at } }, { [field]: last.at, id: { [than]: last.id } }] }),
        },
        orderBy: [{ [field]: order }, { id: order }],
        take: limit + 1,
        skip: last ? 0 : offset,
        omit: AS_LISTED,
      });
      const items = rows.slice(0, limit).map(listed);
      const end = items.at(-1)?.job;
      const at = sort === 'ended' ? end?.endedAt : end?.createdAt;
      return { items, nextCursor: rows.length > limit && end && at ? toCursor(at, end.id) : null };
    },

    count: (filter) => db.job.count({ where: filtered(filter) }),

    async graphs(jobIds) {
      const rows = await inPieces(jobIds, (some) =>
        db.graph.findMany({
          where: { jobId: { in: some } },
          select: { jobId: true, prompt: true, workflow: true },
        }),
      );
      return new Map(rows.map(({ jobId, prompt, workflow }) => [jobId, { prompt, workflow }]));
    },

    async untold({ userId, clientIds, endedSince, limit }) {
      const rows = await db.job.findMany({
        where: {
          userId,
          clientId: { in: [...clientIds] },
          comfyuiTold: { not: 'end' },
          OR: [{ endedAt: null }, { endedAt: { gte: new Date(endedSince) } }],
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      });
      return rows.reverse().map((row) => ({ job: toJob(row), ...names(row) }));
    },

    async setTold(jobId, what) {
      await db.job.updateMany({ where: { id: jobId }, data: { comfyuiTold: what } });
    },

    async hide(userId, promptIds) {
      await db.job.updateMany({
        where: { userId, endedAt: { not: null }, ...(promptIds && called(promptIds)) },
        data: { comfyuiHidden: true },
      });
    },
  };
}
