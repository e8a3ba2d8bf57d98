import type { Waiting } from '#src/domain/fairness.ts';
import type { FeedEvent } from '#src/domain/feed.ts';
import { ALIVE, cameFrom, IN_FLIGHT, type JobStatus, type Reason } from '#src/domain/job.ts';
import type { Bus, StoredEvent } from '#src/ports/events.ts';
import type { JobStore, NewJob, Watched } from '#src/ports/jobs.ts';
import { batched } from './batched.ts';
import type { Database, Transaction } from './connection.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { toAttempt, toEvent, toJob } from './rows.ts';

/** Attempts that were given up without knowing that they had failed. */
const REVIVABLE = ['never_started', 'lost'] satisfies Reason[];
const LATE_OUTCOMES = ['completed', 'incomplete', 'timed_out', ...REVIVABLE];
const START_TIMES = 20;
const IDS_AT_ONCE = 500;

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

function roleOf(status: JobStatus, outcome: string | null): Watched['role'] | null {
  if (outcome === null) return 'live';
  if (status === 'completed') return outcome === 'completed' ? 'late' : null;
  return status === 'failed' ? 'late' : 'superseded';
}

export function createJobStore(db: Database, bus: Bus): JobStore {
  /**
   * One compare-and-set with its event; `also` runs in the same transaction, only when the job did move. A move that an attempt makes counts only while
   * that attempt is in flight: one that was given up must not move the job that has gone on to the next, unless (`revive`) it has come through after all.
   */
  async function move(
    {
      jobId,
      attemptId,
      now,
      revive = false,
    }: { jobId: string; attemptId: string | null; now: number; revive?: boolean },
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
    const step = await db.$transaction(async (tx) => {
      const moved = await tx.job.updateMany({
        where: {
          id: jobId,
          status: { in: cameFrom(to) },
          ...(attemptId !== null && {
            attempts: {
              some: {
                id: attemptId,
                ...(revive ? { OR: [{ endedAt: null }, { outcome: { in: REVIVABLE } }] } : { endedAt: null }),
              },
            },
          }),
        },
        data: { status: to, ...data },
      });
      if (moved.count === 0) return null;
      await also(tx);
      const select = { userId: true, createdAt: true, startedAt: true, attemptCount: true };
      const job = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select });
      return { job, event: await storeEvent(tx, job.userId, { type: 'job.updated', jobId }, now) };
    });
    if (!step) return false;
    const { createdAt, startedAt, attemptCount } = step.job;
    bus.announce({ type: 'stored', event: step.event });
    bus.announce({
      type: 'job.moved',
      to,
      now,
      createdAt: createdAt.getTime(),
      startedAt: startedAt?.getTime() ?? null,
      attemptCount,
    });
    return true;
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
    add: batched(addAll),

    async find(jobId) {
      const row = await db.job.findUnique({ where: { id: jobId } });
      return row && toJob(row);
    },

    async ofRequest(userId, clientRequestId) {
      const row = await db.job.findUnique({ where: { userId_clientRequestId: { userId, clientRequestId } } });
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

    waitingCount: batched(async (userIds: readonly string[]) => {
      const rows = await db.job.groupBy({
        by: ['userId'],
        where: { userId: { in: [...userIds] }, status: 'queued' },
        _count: true,
      });
      const counts = new Map(rows.map((row) => [row.userId, row._count]));
      return userIds.map((userId) => counts.get(userId) ?? 0);
    }),

    async counts() {
      const waiting = await db.job.count({ where: { status: 'queued' } });
      const flying = await db.attempt.groupBy({ by: ['endpointId'], where: { endedAt: null }, _count: true });
      const inFlightByEndpoint = new Map(flying.map((row) => [row.endpointId, row._count]));
      return { waiting, inFlight: [...inFlightByEndpoint.values()].reduce((sum, n) => sum + n, 0), inFlightByEndpoint };
    },

    async line() {
      const waiting = await db.job.findMany({
        where: { status: 'queued' },
        select: { id: true, userId: true, priority: true, queuedAt: true, attempts: { select: { endpointId: true } } },
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
            avoid: row.attempts.map(({ endpointId }) => endpointId),
          }),
        ),
        inFlight: flying.map((row) => ({ userId: row.job.userId, endpointId: row.endpointId })),
        lastServed: new Map(served.map((row) => [row.id, row.lastServedAt?.getTime() ?? 0])),
      };
    },

    async watched(since) {
      const rows = await db.attempt.findMany({
        where: {
          OR: [
            { endedAt: null, job: { status: { in: [...IN_FLIGHT] } } },
            { endedAt: { gt: new Date(since) }, outcome: { in: LATE_OUTCOMES }, job: { status: { not: 'cancelled' } } },
          ],
        },
        include: { job: { include: { user: { select: { folder: true } } } } },
      });
      return rows.flatMap((row) => {
        const job = toJob(row.job);
        const role = roleOf(job.status, row.outcome);
        return role === null ? [] : [{ job, attempt: toAttempt(row), ownerFolder: row.job.user.folder, role }];
      });
    },

    async knownAttempts(attemptIds) {
      const known = new Set<string>();
      for (let at = 0; at < attemptIds.length; at += IDS_AT_ONCE) {
        const rows = await db.attempt.findMany({
          where: { id: { in: attemptIds.slice(at, at + IDS_AT_ONCE) } },
          select: { id: true },
        });
        for (const { id } of rows) known.add(id);
      }
      return known;
    },

    async setPriority(jobId, priority, now) {
      const event = await db.$transaction(async (tx) => {
        const changed = await tx.job.updateMany({ where: { id: jobId, status: 'queued' }, data: { priority } });
        if (changed.count === 0) return null;
        const { userId } = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { userId: true } });
        return storeEvent(tx, userId, { type: 'job.updated', jobId }, now);
      });
      if (event) bus.announce({ type: 'stored', event });
      return event !== null;
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

    complete: (step) =>
      move(step, 'completed', { endedAt: new Date(step.now), reason: null, message: null }, (tx) =>
        endAttempts(tx, step.jobId, 'completed', step.now),
      ),

    giveBack: ({ reason, detail, ...step }) =>
      move(step, 'queued', { startedAt: null }, (tx) => endAttempts(tx, step.jobId, reason, step.now, detail)),

    fail: ({ jobId, attemptId, reason, message, nodeErrors, detail, now }) =>
      move(
        { jobId, attemptId, now },
        'failed',
        { reason, message, endedAt: new Date(now), ...(nodeErrors && { nodeErrors: JSON.stringify(nodeErrors) }) },
        (tx) => endAttempts(tx, jobId, reason, now, detail ?? message),
      ),

    async stall({ jobId, reason, message, now }) {
      const event = await db.$transaction(async (tx) => {
        const told = await tx.job.updateMany({
          where: { id: jobId, status: { in: [...ALIVE] }, OR: [{ reason: null }, { reason: { not: reason } }] },
          data: { reason, message },
        });
        if (told.count === 0) return null;
        const { userId } = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { userId: true } });
        return storeEvent(tx, userId, { type: 'job.updated', jobId }, now);
      });
      if (event) bus.announce({ type: 'stored', event });
    },

    cancel: ({ jobId, now }) =>
      move(
        { jobId, attemptId: null, now },
        'cancelled',
        { reason: 'cancelled', message: 'Cancelled.', endedAt: new Date(now) },
        (tx) => endAttempts(tx, jobId, 'cancelled', now),
      ),
  };
}
