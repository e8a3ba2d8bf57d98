import { z } from 'zod';
import { cameFrom, isFinal, type JobStatus, type Reason } from '#src/domain/jobs/job.ts';
import type { Job } from '#src/ports/jobs.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Transaction } from '../connection.ts';
import { empty, join, type Sql, sql } from '../generated/internal/prismaNamespace.ts';
import { andIf, assignments, flag, type Values } from '../raw.ts';
import { toJob } from '../rows.ts';
import { jobUpdated } from '../store-event.ts';
import { JOB_COLUMNS, rawJob } from './raw-jobs.ts';

/** Attempts that were given up without knowing that they had failed. */
export const REVIVABLE = ['never_started', 'lost'] satisfies Reason[];

const moved = z.array(rawJob.extend({ hasDuplicates: flag, hasExtraData: flag }));
type Announce = Parameters<Parameters<StoredTogether>[0]>[1];

type Step = {
  readonly jobId: string;
  readonly attemptId: string | null;
  readonly now: number;
  readonly revive?: boolean;
  readonly unstarted?: boolean;
  readonly duplicateId?: string;
  readonly endpointId?: string;
  readonly resultId?: string | undefined;
  /** How its number of attempts changes. */
  readonly attempts?: 1 | -1;
};

const isRevivable = sql`a."outcome" IN (${join(REVIVABLE)})`;

function conditions(step: Step, to: JobStatus): Sql {
  const { attemptId, revive = false, unstarted = false, duplicateId, endpointId, resultId } = step;
  const own = sql`SELECT 1 FROM "Attempt" a WHERE a."jobId" = "Job"."id" AND a."id" = ${attemptId}`;
  // What is delivering is so by another attempt, unless this one is in flight.
  const alive = revive
    ? sql`(a."endedAt" IS NULL OR ("Job"."status" <> 'delivering' AND ${isRevivable}))`
    : sql`a."endedAt" IS NULL`;
  const from = to === 'completed' ? [...cameFrom('delivering'), ...cameFrom(to)] : cameFrom(to);
  return sql`"id" = ${step.jobId} AND "status" IN (${join(from)})
    ${andIf(attemptId !== null, sql`EXISTS (${own} AND ${alive} ${unstarted ? sql`AND a."startedAt" IS NULL` : empty})`)}
    ${andIf(duplicateId !== undefined, sql`EXISTS (SELECT 1 FROM "Duplicate" d WHERE d."jobId" = "Job"."id" AND d."id" = ${duplicateId} AND d."endedAt" IS NULL)`)}
    ${andIf(resultId !== undefined, sql`NOT EXISTS (SELECT 1 FROM "Result" r WHERE r."id" = ${resultId} AND r."deliveredAt" IS NULL)`)}
    ${andIf(endpointId !== undefined, sql`EXISTS (SELECT 1 FROM "Endpoint" e WHERE e."id" = ${endpointId})`)}`;
}

/**
 * One compare-and-set with its event; `also` runs in the same transaction, only when the job did move. A move that an attempt makes counts only while
 * that attempt is in flight: one that was given up must not move the job that has gone on to the next, unless (`revive`) it has come through after all.
 * `unstarted`: only as long as it has shown no life. `duplicateId`: only while this one is not withdrawn. `endpointId`: only while this one has not been removed.
 * `resultId`: only once this one is recorded.
 */
export async function move(
  tx: Transaction,
  announce: Announce,
  step: Step,
  to: JobStatus,
  values: Values,
  also: (job: Job) => Promise<unknown> = async () => undefined,
): Promise<Job | null> {
  const { jobId, now, attempts } = step;
  const [row] = moved.parse(
    await tx.$queryRaw`
      UPDATE "Job" SET ${assignments({ status: to, ...values })} ${attempts ? sql`, "attemptCount" = "attemptCount" + ${attempts}` : empty}
      WHERE ${conditions(step, to)}
      RETURNING ${JOB_COLUMNS},
        EXISTS (SELECT 1 FROM "Duplicate" d WHERE d."jobId" = "Job"."id" AND d."endedAt" IS NULL) AS "hasDuplicates",
        EXISTS (SELECT 1 FROM "Graph" g WHERE g."jobId" = "Job"."id" AND g."extraData" IS NOT NULL) AS "hasExtraData"`,
  );
  if (!row) return null;
  const job = toJob(row);
  await also(job);
  // Only an attempt that waits has duplicates.
  const withdraws = row.hasDuplicates && to !== 'dispatched';
  if (withdraws) await tx.duplicate.updateMany({ where: { jobId, endedAt: null }, data: { endedAt: new Date(now) } });
  if (row.hasExtraData && isFinal(to)) await tx.graph.updateMany({ where: { jobId }, data: { extraData: null } });
  announce(jobUpdated(job.userId, jobId, now));
  const { userId, createdAt, startedAt, attemptCount } = job;
  announce({ type: 'job.moved', jobId, userId, to, isNew: false, now, createdAt, startedAt, attemptCount });
  if (withdraws) announce({ type: 'duplicates.withdrawn', jobId });
  return job;
}
