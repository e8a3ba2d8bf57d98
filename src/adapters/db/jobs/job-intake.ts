import { AsyncResource } from 'node:async_hooks';
import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { groupBy } from '#src/domain/group-by.ts';
import { NOTHING_HAD, tooMuch, withOneMore } from '#src/domain/jobs/allowance.ts';
import type { JobIntake, NewJob } from '#src/ports/jobs.ts';
import { batched } from '../batched.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { join, sql } from '../generated/internal/prismaNamespace.ts';
import { insertInto } from '../raw.ts';
import { storeGenerationMetadata } from '../results/store-generation-metadata.ts';
import { toJob } from '../rows.ts';
import { jobUpdated } from '../store-event.ts';
import { putFirst, withRisingTimes } from './prompt-order.ts';

const MINUTE_MS = 60_000;

const bytesOf = ({ prompt, workflow, metadata }: NewJob): number =>
  [prompt, workflow, metadata].reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);

const owners = z.array(
  z.object({
    id: z.string(),
    waitingCap: z.number().nullable(),
    bytes: z.coerce.number(),
    waiting: z.coerce.number(),
    lastMinute: z.coerce.number(),
  }),
);

/** What the owners of these jobs have already, and the caps of those who have one of their own. Jobs that wait have no end: with that, an index has them. */
async function hadBy(tx: Transaction, jobs: readonly NewJob[]) {
  const userIds = [...new Set(jobs.map(({ userId }) => userId))];
  const since = new Date(Math.max(...jobs.map(({ now }) => now)) - MINUTE_MS);
  const wanted = sql`FROM "Job" WHERE "userId" = "User"."id" AND "warmUp" = ${false}`;
  const rows = owners.parse(
    await tx.$queryRaw`
      SELECT "id", "waitingCap", "graphBytes" AS "bytes",
        (SELECT COUNT(*) ${wanted} AND "status" = 'queued' AND "endedAt" IS NULL) AS "waiting",
        (SELECT COUNT(*) ${wanted} AND "createdAt" > ${since}) AS "lastMinute"
      FROM "User" WHERE "id" IN (${join(userIds)})`,
  );
  return new Map(rows.map(({ id, waitingCap, ...had }) => [id, { waitingCap, had }]));
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
  priority: 0,
  attemptCount: 0,
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
  comfyuiTold: 'nothing',
  comfyuiHidden: false,
  madeFromId: job.version?.madeFromId ?? null,
  familyId: job.version?.familyId ?? null,
  changes: job.version?.changes ?? null,
});

/** What a job does not have yet. */
const NOT_YET = { reason: null, message: null, nodeErrors: null, startedAt: null, endedAt: null };

/** New jobs, with their graphs and events. Those that come together share one commit. */
export function jobIntake({ dialect }: Database, together: StoredTogether): JobIntake {
  async function addAll(batch: readonly Arrival[]) {
    const keyOf = (job: { userId: string; clientRequestId: string | null }) => `${job.userId} ${job.clientRequestId}`;
    return together(async (tx, announce) => {
      const repeatable = batch.filter((job) => job.clientRequestId !== null);
      const earlier =
        repeatable.length === 0
          ? []
          : await tx.job.findMany({
              where: { OR: repeatable.map(({ userId, clientRequestId }) => ({ userId, clientRequestId })) },
            });
      const known = new Map(earlier.map((row) => [keyOf(row), row.id]));
      const fresh: Arrival[] = [];
      const owners = await hadBy(tx, batch);
      const ids = batch.map((job) => {
        const repeated = job.clientRequestId === null ? undefined : known.get(keyOf(job));
        if (repeated !== undefined) return { id: repeated, isNew: false };
        const { had, waitingCap } = owners.get(job.userId) ?? { had: NOTHING_HAD, waitingCap: null };
        const allowed = job.allowed && { ...job.allowed, waiting: waitingCap ?? job.allowed.waiting };
        const refused = allowed ? tooMuch(had, bytesOf(job), allowed) : null;
        if (refused) return refused;
        owners.set(job.userId, { had: withOneMore(had, bytesOf(job)), waitingCap });
        if (job.clientRequestId !== null) known.set(keyOf(job), job.id);
        fresh.push(job);
        return { id: job.id, isNew: true };
      });
      const jobs = new Map(earlier.map((row) => [row.id, toJob(row)]));
      if (fresh.length > 0) {
        const inputs = await existingInputs(tx, fresh);
        const made = (await withRisingTimes(tx, fresh)).map((job) => toRow(job, inputs));
        await tx.$executeRaw(insertInto('Job', made));
        for (const row of made) jobs.set(row.id, toJob({ ...row, ...NOT_YET }));
        for (const job of fresh) if (job.comfyui?.goesFirst) await putFirst(tx, job);
        await tx.$executeRaw(
          insertInto(
            'Graph',
            fresh.map(({ id, prompt, workflow, extraData = null, metadata = null }) => ({
              jobId: id,
              prompt,
              workflow,
              extraData,
              metadata,
            })),
          ),
        );
        const named = fresh.flatMap(({ id, inputs = [] }) => inputs.map((input) => ({ jobId: id, ...input })));
        if (named.length > 0) await tx.jobInput.createMany({ data: named });
        for (const [userId, own] of groupBy(fresh, (job) => job.userId)) {
          const bytes = own.reduce((sum, job) => sum + bytesOf(job), 0);
          await tx.$executeRaw`UPDATE "User" SET "graphBytes" = "graphBytes" + ${bytes} WHERE "id" = ${userId}`;
        }
        for (const { id, userId, now } of fresh) announce(jobUpdated(userId, id, now));
        for (const { record } of fresh) await record(tx);
      }
      const answers = ids.map((one) => (one instanceof AppError ? one : { job: jobs.get(one.id)!, isNew: one.isNew }));
      for (const answer of answers) {
        if (answer instanceof AppError || !answer.isNew) continue;
        const { id: jobId, userId, createdAt, startedAt, attemptCount } = answer.job;
        const moved = { jobId, userId, now: createdAt, createdAt, startedAt, attemptCount };
        announce({ type: 'job.moved', to: 'queued', isNew: true, ...moved });
      }
      return answers;
    });
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
        await storeGenerationMetadata(tx, dialect, { jobId: id, userId, title }, generations);
        announce(jobUpdated(userId, id, now));
      }),

    async add(job) {
      const answer = await add({ ...job, record: AsyncResource.bind(recordAction) });
      if (answer instanceof AppError) throw answer;
      return answer;
    },
  };
}
