import { z } from 'zod';
import type { AttemptReader, JobReader } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { inPieces } from '../in-pieces.ts';
import { AS_LISTED, toAttempt, toJob, toListedJob, toSending } from '../rows.ts';

const MAX_NODES = 10_000;
const nodeRows = z.array(
  z.object({ id: z.string(), classType: z.string().catch(''), title: z.string().nullable().catch(null) }),
);

const graphRows = z.array(z.object({ prompt: z.string(), workflow: z.string().nullable() }));
const extraDataRows = z.array(z.object({ extraData: z.string().nullable() }));

export function jobReads(db: Database): JobReader & Pick<AttemptReader, 'newestAttempts' | 'newestSendings'> {
  return {
    async find(jobId) {
      const row = await db.job.findUnique({ where: { id: jobId } });
      return row && toJob(row);
    },

    async nodesOf(jobId) {
      const rows = nodeRows.parse(await db.$queryRaw(db.dialect.nodesOf(jobId, MAX_NODES)));
      return new Map(
        rows.map(({ id, classType, title }) => [id, { classType, label: (title || classType).slice(0, 80) }]),
      );
    },

    async ofRequest(userId, clientRequestId) {
      const row = await db.job.findUnique({ where: { userId_clientRequestId: { userId, clientRequestId } } });
      return row && toJob(row);
    },

    async list({ userId, statuses, workflowId, words, limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const rows = await db.job.findMany({
        where: {
          ...(userId !== null && { userId, warmUp: false }),
          ...(statuses !== null && { status: { in: [...statuses] } }),
          ...(workflowId !== undefined && { workflowId }),
          ...(words !== undefined && { title: db.dialect.contains(words) }),
          ...(after && { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
        omit: AS_LISTED,
      });
      const items = rows.slice(0, limit).map(toListedJob);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null };
    },

    async family(familyId, limit) {
      const rows = await db.job.findMany({
        where: { OR: [{ id: familyId }, { familyId }] },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
        omit: AS_LISTED,
      });
      return rows.map(toListedJob);
    },

    async graph(jobId) {
      const [row] = graphRows.parse(
        await db.$queryRaw`SELECT "prompt", "workflow" FROM "Graph" WHERE "jobId" = ${jobId}`,
      );
      return row ?? null;
    },

    async extraData(jobId) {
      const [row] = extraDataRows.parse(await db.$queryRaw`SELECT "extraData" FROM "Graph" WHERE "jobId" = ${jobId}`);
      return row?.extraData ?? null;
    },

    async newestAttempts(jobIds) {
      const rows = await inPieces(jobIds, (some) =>
        db.attempt.findMany({ where: { jobId: { in: some } }, orderBy: { number: 'asc' } }),
      );
      return new Map(rows.map((row) => [row.jobId, toAttempt(row)]));
    },

    async newestSendings(jobIds) {
      const rows = await inPieces(jobIds, (some) =>
        db.attempt.findMany({
          where: { jobId: { in: some } },
          orderBy: { number: 'asc' },
          omit: { plan: true, detail: true },
        }),
      );
      return new Map(rows.map((row) => [row.jobId, { ...toSending(row), endpointId: row.endpointId }]));
    },
  };
}
