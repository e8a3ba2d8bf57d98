import { AsyncResource } from 'node:async_hooks';
import { AppError } from '#src/domain/errors.ts';
import { groupBy } from '#src/domain/group-by.ts';
import { type Had, NOTHING_HAD, tooMuch, withOneMore } from '#src/domain/jobs/allowance.ts';
import type { Bus, StoredEvent } from '#src/ports/events.ts';
import type { JobIntake, NewJob } from '#src/ports/jobs.ts';
import { batched } from '../batched.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { storeEvent } from '../events/store-event.ts';
import { storeGenerationMetadata } from '../results/store-generation-metadata.ts';
import { toEvent, toJob } from '../rows.ts';
import { putFirst, withRisingTimes } from './prompt-order.ts';

const MINUTE_MS = 60_000;

const bytesOf = ({ prompt, workflow, metadata }: NewJob): number =>
  [prompt, workflow, metadata].reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);

/** What the owners of these jobs have already. */
async function hadBy(tx: Transaction, jobs: readonly NewJob[]): Promise<Map<string, Had>> {
  const userIds = [...new Set(jobs.map(({ userId }) => userId))];
  const since = new Date(Math.max(...jobs.map(({ now }) => now)) - MINUTE_MS);
  const own = { userId: { in: userIds }, warmUp: false };
  const by = ['userId' as const];
  const waiting = await tx.job.groupBy({ by, where: { ...own, status: 'queued' }, _count: true });
  const lately = await tx.job.groupBy({ by, where: { ...own, createdAt: { gt: since } }, _count: true });
  const users = await tx.user.findMany({ where: { id: { in: userIds } }, select: { id: true, graphBytes: true } });
  const countOf = (rows: typeof waiting) => new Map(rows.map((row) => [row.userId, row._count]));
  const [inLine, inMinute] = [countOf(waiting), countOf(lately)];
  return new Map(
    users.map(({ id, graphBytes }) => [
      id,
      { waiting: inLine.get(id) ?? 0, lastMinute: inMinute.get(id) ?? 0, bytes: Number(graphBytes) },
    ]),
  );
}

type Arrival = NewJob & { readonly record: typeof recordAction };

/** Those of the uploads that these jobs load that still exist: one may be deleted while its job comes in. */
async function existingInputs(tx: Transaction, jobs: readonly NewJob[]): Promise<ReadonlySet<string>> {
  const wanted = jobs.flatMap(({ inputId }) => inputId ?? []);
  if (wanted.length === 0) return new Set();
  const rows = await tx.input.findMany({ where: { id: { in: wanted } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

const listOrNull = (list: readonly unknown[] = []): string | null => (list.length > 0 ? JSON.stringify(list) : null);

const toRow = (job: NewJob, inputs: ReadonlySet<string>) => ({
  id: job.id,
  userId: job.userId,
  clientRequestId: job.clientRequestId,
  title: job.title,
  status: 'queued',
  createdAt: new Date(job.now),
  queuedAt: new Date(job.now),
  fingerprint: job.fingerprint,
  workflowId: job.workflowId ?? null,
  expectedFiles: job.expectedFiles,
  warnings: listOrNull(job.warnings),
  promptSnippet: job.promptSnippet ?? null,
  inputId: job.inputId && inputs.has(job.inputId) ? job.inputId : null,
  rejectedBy: listOrNull(job.rejectedBy),
  endpointId: job.warmsUp ?? null,
  warmUp: job.warmsUp !== undefined,
  promptId: job.comfyui?.promptId ?? null,
  clientId: job.comfyui?.clientId ?? null,
  ...job.version,
});

/** New jobs, with their graphs and events. Those that come together share one commit. */
export function jobIntake(db: Database, bus: Bus, together: StoredTogether): JobIntake {
  async function addAll(batch: readonly Arrival[]) {
    const keyOf = (job: { userId: string; clientRequestId: string | null }) => `${job.userId} ${job.clientRequestId}`;
    const events: StoredEvent[] = [];
    const answers = await db.transaction(async (tx) => {
      const repeatable = batch.filter((job) => job.clientRequestId !== null);
      const earlier =
        repeatable.length === 0
          ? []
          : await tx.job.findMany({
              where: { OR: repeatable.map(({ userId, clientRequestId }) => ({ userId, clientRequestId })) },
            });
      const known = new Map(earlier.map((row) => [keyOf(row), row.id]));
      const fresh: Arrival[] = [];
      const had = await hadBy(tx, batch);
      const ids = batch.map((job) => {
        const repeated = job.clientRequestId === null ? undefined : known.get(keyOf(job));
        if (repeated !== undefined) return { id: repeated, isNew: false };
        const before = had.get(job.userId) ?? NOTHING_HAD;
        const refused = job.allowed ? tooMuch(before, bytesOf(job), job.allowed) : null;
        if (refused) return refused;
        had.set(job.userId, withOneMore(before, bytesOf(job)));
        if (job.clientRequestId !== null) known.set(keyOf(job), job.id);
        fresh.push(job);
        return { id: job.id, isNew: true };
      });
      const rows = new Map(earlier.map((row) => [row.id, row]));
      if (fresh.length > 0) {
        const inputs = await existingInputs(tx, fresh);
        const made = await tx.job.createManyAndReturn({
          data: (await withRisingTimes(tx, fresh)).map((job) => toRow(job, inputs)),
        });
        for (const job of fresh) if (job.comfyui?.goesFirst) await putFirst(tx, job);
        for (const row of made) rows.set(row.id, row);
        await tx.graph.createMany({
          data: fresh.map(({ id, prompt, workflow, extraData, metadata }) => ({
            jobId: id,
            prompt,
            workflow,
            extraData: extraData ?? null,
            metadata: metadata ?? null,
          })),
        });
        const named = fresh.flatMap(({ id, inputs = [] }) => inputs.map((input) => ({ jobId: id, ...input })));
        if (named.length > 0) await tx.jobInput.createMany({ data: named });
        for (const [userId, own] of groupBy(fresh, (job) => job.userId))
          await tx.user.update({
            where: { id: userId },
            data: { graphBytes: { increment: own.reduce((sum, job) => sum + bytesOf(job), 0) } },
          });
        const stored = await tx.event.createManyAndReturn({
          data: fresh.map(({ id, userId, now }) => ({
            userId,
            type: 'job.updated',
            jobId: id,
            createdAt: new Date(now),
          })),
        });
        events.push(...stored.map(toEvent));
        for (const { record } of fresh) await record(tx);
      }
      return ids.map((one) => (one instanceof AppError ? one : { job: toJob(rows.get(one.id)!), isNew: one.isNew }));
    });
    for (const event of events) bus.announce({ type: 'stored', event });
    for (const answer of answers) {
      if (answer instanceof AppError) continue;
      const { job, isNew } = answer;
      const { createdAt, startedAt, attemptCount } = job;
      if (isNew) bus.announce({ type: 'job.moved', to: 'queued', now: createdAt, createdAt, startedAt, attemptCount });
    }
    return answers;
  }

  const add = batched(addAll);
  return {
    addGiven: ({ id, userId, title, prompt, workflow, generations, now }) =>
      together(async (tx, announce) => {
        const at = new Date(now);
        await tx.job.create({
          data: { id, userId, title, status: 'completed', createdAt: at, queuedAt: at, endedAt: at },
        });
        if (prompt !== null) await tx.graph.create({ data: { jobId: id, prompt, workflow } });
        await storeGenerationMetadata(tx, db.dialect, { jobId: id, userId, title }, generations);
        announce({ type: 'stored', event: await storeEvent(tx, userId, { type: 'job.updated', jobId: id }, now) });
      }),

    async add(job) {
      const answer = await add({ ...job, record: AsyncResource.bind(recordAction) });
      if (answer instanceof AppError) throw answer;
      return answer;
    },
  };
}
