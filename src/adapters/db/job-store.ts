import type { Waiting } from '#src/domain/fairness.ts';
import type { FeedEvent } from '#src/domain/feed.ts';
import { cameFrom, IN_FLIGHT, type JobStatus } from '#src/domain/job.ts';
import type { Bus, StoredEvent } from '#src/ports/events.ts';
import type { JobStore, NewJob } from '#src/ports/jobs.ts';
import type { Database, Transaction } from './connection.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { groupCommit } from './group-commit.ts';
import { toAttempt, toEvent, toJob } from './rows.ts';

const MOST_IN_ONE_COMMIT = 64;

export async function storeEvent(tx: Transaction, userId: string, event: FeedEvent, now: number): Promise<StoredEvent> {
  const row = await tx.event.create({
    data: {
      userId,
      type: event.type,
      jobId: event.jobId,
      resultId: event.type === 'result.added' ? event.resultId : null,
      createdAt: new Date(now),
    },
  });
  return toEvent(row);
}

export function createJobStore(db: Database, bus: Bus): JobStore {
  /**
   * One compare-and-set with its event; `also` runs in the same transaction, only when the job did move. A move that an attempt makes counts only while
   * that attempt is in flight: one that was given up must not move the job that has gone on to the next.
   */
  async function move(
    { jobId, attemptId, now }: { jobId: string; attemptId: string | null; now: number },
    to: JobStatus,
    data: {
      reason?: string | null;
      message?: string | null;
      nodeErrors?: string | null;
      startedAt?: Date | null;
      endedAt?: Date;
      attemptCount?: { increment: number };
    },
    also: (tx: Transaction) => Promise<unknown> = async () => undefined,
  ): Promise<boolean> {
    const event = await db.$transaction(async (tx) => {
      const moved = await tx.job.updateMany({
        where: {
          id: jobId,
          status: { in: cameFrom(to) },
          ...(attemptId !== null && { attempts: { some: { id: attemptId, endedAt: null } } }),
        },
        data: { status: to, ...data },
      });
      if (moved.count === 0) return null;
      await also(tx);
      const { userId } = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { userId: true } });
      return storeEvent(tx, userId, { type: 'job.updated', jobId }, now);
    });
    if (event) bus.announce({ type: 'stored', event });
    return event !== null;
  }

  const endAttempts = (tx: Transaction, jobId: string, outcome: string, now: number, detail: string | null = null) =>
    tx.attempt.updateMany({ where: { jobId, endedAt: null }, data: { endedAt: new Date(now), outcome, detail } });

  async function addAll(batch: readonly NewJob[]) {
    const keyOf = (job: { userId: string; clientRequestId: string | null }) => `${job.userId} ${job.clientRequestId}`;
    const events: StoredEvent[] = [];
    const answers = await db.$transaction(async (tx) => {
      const repeatable = batch.filter((job) => job.clientRequestId !== null);
      const earlier =
        repeatable.length === 0
          ? []
          : await tx.job.findMany({
              where: { OR: repeatable.map(({ userId, clientRequestId }) => ({ userId, clientRequestId })) },
            });
      const known = new Map(earlier.map((row) => [keyOf(row), row.id]));
      const fresh: NewJob[] = [];
      const ids = batch.map((job) => {
        const repeated = job.clientRequestId === null ? undefined : known.get(keyOf(job));
        if (repeated !== undefined) return { id: repeated, isNew: false };
        if (job.clientRequestId !== null) known.set(keyOf(job), job.id);
        fresh.push(job);
        return { id: job.id, isNew: true };
      });
      const rows = new Map(earlier.map((row) => [row.id, row]));
      if (fresh.length > 0) {
        const made = await tx.job.createManyAndReturn({
          data: fresh.map(({ id, userId, clientRequestId, title, now }) => ({
            id,
            userId,
            clientRequestId,
            title,
            status: 'queued',
            createdAt: new Date(now),
            queuedAt: new Date(now),
          })),
        });
        for (const row of made) rows.set(row.id, row);
        await tx.graph.createMany({ data: fresh.map(({ id, prompt, workflow }) => ({ jobId: id, prompt, workflow })) });
        const stored = await tx.event.createManyAndReturn({
          data: fresh.map(({ id, userId, now }) => ({
            userId,
            type: 'job.updated',
            jobId: id,
            createdAt: new Date(now),
          })),
        });
        events.push(...stored.map(toEvent));
      }
      return ids.map(({ id, isNew }) => ({ job: toJob(rows.get(id)!), isNew }));
    });
    for (const event of events) bus.announce({ type: 'stored', event });
    return answers;
  }

  return {
    add: groupCommit(addAll, MOST_IN_ONE_COMMIT),

    async find(jobId) {
      const row = await db.job.findUnique({ where: { id: jobId } });
      return row && toJob(row);
    },

    async list({ userId, statuses, limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const rows = await db.job.findMany({
        where: {
          ...(userId !== null && { userId }),
          ...(statuses !== null && { status: { in: [...statuses] } }),
          ...(after && { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      });
      const items = rows.slice(0, limit).map(toJob);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null };
    },

    graph: (jobId) => db.graph.findUnique({ where: { jobId }, select: { prompt: true, workflow: true } }),

    async newestAttempts(jobIds) {
      if (jobIds.length === 0) return new Map();
      const rows = await db.attempt.findMany({ where: { jobId: { in: [...jobIds] } }, orderBy: { number: 'asc' } });
      return new Map(rows.map((row) => [row.jobId, toAttempt(row)]));
    },

    waitingCount: (userId) => db.job.count({ where: { userId, status: 'queued' } }),

    async counts() {
      const waiting = await db.job.count({ where: { status: 'queued' } });
      const flying = await db.attempt.groupBy({ by: ['endpointId'], where: { endedAt: null }, _count: true });
      const inFlightByEndpoint = new Map(flying.map((row) => [row.endpointId, row._count]));
      return { waiting, inFlight: [...inFlightByEndpoint.values()].reduce((sum, n) => sum + n, 0), inFlightByEndpoint };
    },

    async line() {
      const waiting = await db.job.findMany({
        where: { status: 'queued' },
        select: { id: true, userId: true, priority: true, queuedAt: true },
      });
      const flying = await db.attempt.findMany({
        where: { endedAt: null },
        select: { endpointId: true, job: { select: { userId: true } } },
      });
      const served = await db.user.findMany({
        where: { lastServedAt: { not: null } },
        select: { id: true, lastServedAt: true },
      });
      return {
        waiting: waiting.map(
          (row): Waiting => ({
            jobId: row.id,
            userId: row.userId,
            priority: row.priority,
            queuedAt: row.queuedAt.getTime(),
          }),
        ),
        inFlight: flying.map((row) => ({ userId: row.job.userId, endpointId: row.endpointId })),
        lastServed: new Map(served.map((row) => [row.id, row.lastServedAt?.getTime() ?? 0])),
      };
    },

    async inFlight() {
      const rows = await db.attempt.findMany({
        where: { endedAt: null, job: { status: { in: [...IN_FLIGHT] } } },
        include: { job: { include: { user: { select: { folder: true } } } } },
      });
      return rows.map((row) => ({ job: toJob(row.job), attempt: toAttempt(row), ownerFolder: row.job.user.folder }));
    },

    dispatch: ({ jobId, userId, endpointId, attemptId, plan, now }) =>
      move({ jobId, attemptId: null, now }, 'dispatched', { attemptCount: { increment: 1 } }, async (tx) => {
        const { attemptCount } = await tx.job.findUniqueOrThrow({
          where: { id: jobId },
          select: { attemptCount: true },
        });
        await tx.attempt.create({
          data: {
            id: attemptId,
            jobId,
            endpointId,
            number: attemptCount,
            plan: JSON.stringify(plan),
            sentAt: new Date(now),
          },
        });
        // Later than all others, though several are served in one millisecond or the clock was set back: whose turn it is follows from it.
        const { _max } = await tx.user.aggregate({ _max: { lastServedAt: true } });
        const servedAt = Math.max(now, (_max.lastServedAt?.getTime() ?? 0) + 1);
        await tx.user.update({ where: { id: userId }, data: { lastServedAt: new Date(servedAt) } });
      }),

    async answered({ jobId, attemptId, answer, httpStatus, plan, nodeErrors, now }) {
      const event = await db.$transaction(async (tx) => {
        const changed = await tx.attempt.updateMany({
          where: { id: attemptId, endedAt: null, answer: null },
          data: { answer, httpStatus, answeredAt: new Date(now), plan: JSON.stringify(plan) },
        });
        if (changed.count === 0) return null;
        const job = await tx.job.update({
          where: { id: jobId },
          data: nodeErrors ? { nodeErrors: JSON.stringify(nodeErrors) } : {},
          select: { userId: true },
        });
        return storeEvent(tx, job.userId, { type: 'job.updated', jobId }, now);
      });
      if (event) bus.announce({ type: 'stored', event });
    },

    start: (step) =>
      move(step, 'running', { startedAt: new Date(step.now) }, (tx) =>
        tx.attempt.update({ where: { id: step.attemptId }, data: { startedAt: new Date(step.now) } }),
      ),

    bringHome: (step) =>
      move(step, 'delivering', {}, (tx) =>
        tx.attempt.update({ where: { id: step.attemptId }, data: { wholeAt: new Date(step.now) } }),
      ),

    complete: (step) =>
      move(step, 'completed', { endedAt: new Date(step.now) }, (tx) =>
        endAttempts(tx, step.jobId, 'completed', step.now),
      ),

    giveBack: ({ reason, detail, ...step }) =>
      move(step, 'queued', { startedAt: null }, (tx) => endAttempts(tx, step.jobId, reason, step.now, detail)),

    fail: ({ jobId, attemptId, reason, message, nodeErrors, now }) =>
      move(
        { jobId, attemptId, now },
        'failed',
        { reason, message, endedAt: new Date(now), ...(nodeErrors && { nodeErrors: JSON.stringify(nodeErrors) }) },
        (tx) => endAttempts(tx, jobId, reason, now, message),
      ),

    cancel: ({ jobId, now }) =>
      move(
        { jobId, attemptId: null, now },
        'cancelled',
        { reason: 'cancelled', message: 'Cancelled.', endedAt: new Date(now) },
        (tx) => endAttempts(tx, jobId, 'cancelled', now),
      ),
  };
}
