import type { Waiting } from '#src/domain/jobs/fairness.ts';
import { ALIVE, IN_FLIGHT, type JobStatus } from '#src/domain/jobs/job.ts';
import { groupBy } from '#src/domain/statistics/group-by.ts';
import type { JobStore, Watched } from '#src/ports/jobs.ts';
import type { Database } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { inPieces } from '../in-pieces.ts';
import { AS_LISTED, toAttempt, toJob, toListedJob, toSending } from '../rows.ts';
import { REVIVABLE } from './job-moves.ts';

const LATE_OUTCOMES = ['completed', 'incomplete', 'timed_out', ...REVIVABLE];
const LEFT_OUTCOMES = ['cancelled', 'timed_out', 'superseded', ...REVIVABLE];
const START_TIMES = 20;
/** A rest is at its longest after far fewer failures. */
const PAST_ATTEMPTS = 20;

type Reads =
  | 'find'
  | 'ofRequest'
  | 'list'
  | 'graph'
  | 'extraData'
  | 'newestAttempts'
  | 'newestSendings'
  | 'tries'
  | 'endedTries'
  | 'counts'
  | 'queue'
  | 'warmUps'
  | 'watched'
  | 'knownAttempts'
  | 'leftRunning'
  | 'pastAttempts'
  | 'startTimes';

function roleOf(status: JobStatus, outcome: string | null): Watched['role'] | null {
  if (outcome === null) return 'live';
  if (status === 'completed') return outcome === 'completed' ? 'late' : null;
  return status === 'failed' ? 'late' : 'superseded';
}

export function jobReads(db: Database): Pick<JobStore, Reads> {
  async function endpointsTried(jobIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await inPieces(jobIds, (some) =>
      db.attempt.findMany({ where: { jobId: { in: some } }, select: { jobId: true, endpointId: true } }),
    );
    const tried = groupBy(rows, ({ jobId }) => jobId);
    return new Map([...tried].map(([jobId, own]) => [jobId, own.map(({ endpointId }) => endpointId)]));
  }

  return {
    async find(jobId) {
      const row = await db.job.findUnique({ where: { id: jobId } });
      return row && toJob(row);
    },

    async ofRequest(userId, clientRequestId) {
      const row = await db.job.findUnique({ where: { userId_clientRequestId: { userId, clientRequestId } } });
      return row && toJob(row);
    },

    async list({ userId, statuses, workflowId, limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const rows = await db.job.findMany({
        where: {
          ...(userId !== null && { userId, warmUp: false }),
          ...(statuses !== null && { status: { in: [...statuses] } }),
          ...(workflowId !== undefined && { workflowId }),
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

    graph: (jobId) => db.graph.findUnique({ where: { jobId }, select: { prompt: true, workflow: true } }),

    async extraData(jobId) {
      return (await db.graph.findUnique({ where: { jobId }, select: { extraData: true } }))?.extraData ?? null;
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

    async counts() {
      const waiting = await db.job.count({ where: { status: 'queued', warmUp: false } });
      const flying = await db.attempt.groupBy({ by: ['endpointId'], where: { endedAt: null }, _count: true });
      const inFlightByEndpoint = new Map(flying.map((row) => [row.endpointId, row._count]));
      return { waiting, inFlight: [...inFlightByEndpoint.values()].reduce((sum, n) => sum + n, 0), inFlightByEndpoint };
    },

    async queue() {
      const waiting = await db.job.findMany({
        where: { status: 'queued' },
        select: { id: true, userId: true, priority: true, queuedAt: true, attemptCount: true, endpointId: true },
      });
      const tried = await endpointsTried(waiting.filter((row) => row.attemptCount > 0).map(({ id }) => id));
      const flying = await db.attempt.findMany({
        where: { endedAt: null },
        select: { endpointId: true, job: { select: { userId: true, warmUp: true } } },
      });
      const users = await db.user.findMany({
        where: { OR: [{ lastServedAt: { not: null } }, { inFlightCap: { not: null } }] },
        select: { id: true, lastServedAt: true, inFlightCap: true },
      });
      const caps = new Map(users.map(({ id, inFlightCap }) => [id, inFlightCap]));
      return {
        waiting: waiting.map(
          (row): Waiting => ({
            jobId: row.id,
            userId: row.userId,
            priority: row.priority,
            queuedAt: row.queuedAt.getTime(),
            avoid: tried.get(row.id) ?? [],
            cap: caps.get(row.userId) ?? null,
            only: row.endpointId,
          }),
        ),
        inFlight: flying.map(({ job, endpointId }) => ({ userId: job.warmUp ? null : job.userId, endpointId })),
        lastServed: new Map(
          users.flatMap(({ id, lastServedAt }) => (lastServedAt ? [[id, lastServedAt.getTime()]] : [])),
        ),
      };
    },

    async warmUps() {
      const rows = await db.job.findMany({
        where: { status: { in: [...ALIVE] }, warmUp: true },
        select: { id: true, endpointId: true },
      });
      return rows.map(({ id, endpointId }) => ({ jobId: id, endpointId }));
    },

    async watched(since, lateSince = since, jobIds) {
      const mayDeliver = { in: LATE_OUTCOMES };
      const rows = await db.attempt.findMany({
        where: {
          ...(jobIds && { jobId: { in: [...jobIds] } }),
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
        include: { job: { include: { user: { select: { folder: true } } }, omit: AS_LISTED } },
      });
      return rows.flatMap((row) => {
        const job = toListedJob(row.job);
        const role = roleOf(job.status, row.outcome);
        return role === null ? [] : [{ job, attempt: toAttempt(row), ownerFolder: row.job.user.folder, role }];
      });
    },

    async knownAttempts(attemptIds) {
      const rows = await inPieces(attemptIds, (some) =>
        db.attempt.findMany({ where: { id: { in: some } }, select: { id: true } }),
      );
      return new Set(rows.map(({ id }) => id));
    },

    async leftRunning(since) {
      const rows = await db.attempt.findMany({
        where: { endedAt: { gt: new Date(since) }, outcome: { in: LEFT_OUTCOMES } },
        orderBy: { endedAt: 'asc' },
      });
      return rows.map(toAttempt);
    },

    async pastAttempts() {
      const endpoints = await db.endpoint.findMany({
        select: {
          id: true,
          attempts: {
            where: { OR: [{ startedAt: { not: null } }, { endedAt: { not: null } }] },
            orderBy: { sentAt: 'desc' },
            take: PAST_ATTEMPTS,
            select: { startedAt: true, endedAt: true, outcome: true },
          },
        },
      });
      return new Map(
        endpoints.map(({ id, attempts }) => [
          id,
          attempts.map(({ startedAt, endedAt, outcome }) => ({
            startedAt: startedAt?.getTime() ?? null,
            endedAt: endedAt?.getTime() ?? null,
            outcome,
          })),
        ]),
      );
    },

    async startTimes() {
      const endpoints = await db.endpoint.findMany({
        select: {
          id: true,
          attempts: {
            where: { startedAt: { not: null } },
            orderBy: { sentAt: 'desc' },
            take: START_TIMES,
            select: { sentAt: true, startedAt: true },
          },
        },
      });
      return new Map(
        endpoints.map(({ id, attempts }) => [
          id,
          attempts.map(({ sentAt, startedAt }) => (startedAt ?? sentAt).getTime() - sentAt.getTime()),
        ]),
      );
    },
  };
}
