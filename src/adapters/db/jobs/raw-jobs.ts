import { z } from 'zod';
import { join, raw, type Sql, sql } from '../generated/internal/prismaNamespace.ts';
import { date, flag } from '../raw.ts';
import { toAttempt, toJob } from '../rows.ts';

const text = z.string();
const orNull = text.nullable();

export const rawJob = z.object({
  id: text,
  userId: text,
  title: text,
  status: text,
  reason: orNull,
  message: orNull,
  nodeErrors: orNull,
  priority: z.number(),
  attemptCount: z.number(),
  createdAt: date,
  queuedAt: date,
  startedAt: date.nullable(),
  endedAt: date.nullable(),
  fingerprint: orNull,
  workflowId: orNull,
  expectedFiles: z.number().nullable(),
  warmUp: flag,
  warnings: orNull,
  familyId: orNull,
  changes: orNull,
  promptSnippet: orNull,
  inputId: orNull,
  rejectedBy: orNull,
});
const attemptRow = z.object({
  attemptId: text,
  attemptEndpointId: text,
  number: z.number(),
  plan: text,
  sentAt: date,
  answer: orNull,
  httpStatus: z.number().nullable(),
  answeredAt: date.nullable(),
  attemptStartedAt: date.nullable(),
  wholeAt: date.nullable(),
});

const columns = Object.keys(rawJob.shape);
export const JOB_COLUMNS = join(columns.map((column) => raw(`"${column}"`)));

/** As lists have it: of what may be long, the beginning. */
const listed = (column: string): Sql => {
  if (column === 'message') return sql`j."listedMessage" AS "message"`;
  return column === 'nodeErrors' ? sql`j."listedErrors" AS "nodeErrors"` : raw(`j."${column}"`);
};

/** An attempt with its job: `FROM "Attempt" a JOIN "Job" j`. */
export const ATTEMPT_WITH_JOB = sql`a."id" AS "attemptId", a."endpointId" AS "attemptEndpointId", a."number", a."plan", a."sentAt", a."answer",
  a."httpStatus", a."answeredAt", a."startedAt" AS "attemptStartedAt", a."wholeAt", ${join(columns.map(listed))}`;

export const rawAttemptWithJob = rawJob.extend(attemptRow.shape);

export const toAttemptWithJob = (row: z.infer<typeof rawAttemptWithJob>) => ({
  job: toJob(row),
  attempt: toAttempt({
    ...row,
    id: row.attemptId,
    jobId: row.id,
    endpointId: row.attemptEndpointId,
    startedAt: row.attemptStartedAt,
  }),
});
