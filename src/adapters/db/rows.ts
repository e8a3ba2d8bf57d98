import { z } from 'zod';
import { LISTENING_MODES } from '#src/domain/endpoints/listening.ts';
import type { NodeErrors } from '#src/domain/errors.ts';
import { RESULT_KINDS } from '#src/domain/file-facts.ts';
import { INPUT_KINDS } from '#src/domain/files/input-kinds.ts';
import type { Sending } from '#src/domain/jobs/attempt.ts';
import { JOB_STATUSES, REASONS } from '#src/domain/jobs/job.ts';
import { SCOPES } from '#src/domain/users/token-scope.ts';
import { ROLES } from '#src/domain/users/user.ts';
import type { Warning } from '#src/domain/warning.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { StoredEvent } from '#src/ports/events.ts';
import type { Input } from '#src/ports/inputs.ts';
import type { Attempt, Job } from '#src/ports/jobs.ts';
import type { Result } from '#src/ports/results.ts';
import type { TokenRecord, User } from '#src/ports/users.ts';
import type * as Rows from './generated/models.ts';
import { toPlan } from './plans.ts';

/** Row ↔ domain. What the database holds is checked here, so nothing further in has to. */
const status = z.enum(JOB_STATUSES);
const reason = z.enum(REASONS);
const role = z.enum(ROLES);
const scope = z.enum(SCOPES);
const kind = z.enum(RESULT_KINDS);
const inputKind = z.enum(INPUT_KINDS);
const answer = z.enum(['accepted', 'unknown']);
const pricing = z.enum(['spot', 'on-demand']);
const origin = z.enum(['environment', 'operator']);
const listening = z.enum(LISTENING_MODES);

const nodeErrors: z.ZodType<NodeErrors> = z.record(
  z.string(),
  z.object({
    class_type: z.string(),
    dependent_outputs: z.array(z.string()),
    errors: z.array(
      z.object({
        type: z.string(),
        message: z.string(),
        details: z.string(),
        extra_info: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
);

const warnings: z.ZodType<Warning[]> = z.array(
  z.object({ nodeId: z.string(), classType: z.string(), message: z.string() }),
);
export const toWarnings = (stored: string | null): Warning[] =>
  stored === null ? [] : warnings.parse(JSON.parse(stored));

export const toStatus = (value: unknown) => status.parse(value);
export const toReason = (value: unknown) => reason.parse(value);

const ids = z.array(z.string());
export const toIds = (stored: string | null): string[] => (stored === null ? [] : ids.parse(JSON.parse(stored)));

const ms = (date: Date | null): number | null => date?.getTime() ?? null;

/** For what reads many jobs. */
export const AS_LISTED = { message: true, nodeErrors: true } as const;
type JobRow = Pick<Rows.JobModel, keyof Job>;
export const toListedJob = (
  row: Omit<JobRow, keyof typeof AS_LISTED> & Pick<Rows.JobModel, 'listedMessage' | 'listedErrors'>,
): Job => toJob({ ...row, message: row.listedMessage, nodeErrors: row.listedErrors });

export const toJob = (row: JobRow): Job => ({
  id: row.id,
  userId: row.userId,
  title: row.title,
  status: status.parse(row.status),
  reason: row.reason === null ? null : reason.parse(row.reason),
  message: row.message,
  nodeErrors: row.nodeErrors === null ? null : nodeErrors.parse(JSON.parse(row.nodeErrors)),
  priority: row.priority,
  attemptCount: row.attemptCount,
  createdAt: row.createdAt.getTime(),
  queuedAt: row.queuedAt.getTime(),
  startedAt: ms(row.startedAt),
  endedAt: ms(row.endedAt),
  fingerprint: row.fingerprint,
  workflowId: row.workflowId,
  expectedFiles: row.expectedFiles,
  warmUp: row.warmUp,
  warnings: toWarnings(row.warnings),
  familyId: row.familyId ?? row.id,
  changes: row.changes,
  promptSnippet: row.promptSnippet,
  inputId: row.inputId,
  rejectedBy: toIds(row.rejectedBy),
});

type SendingRow = Pick<Rows.AttemptModel, keyof Sending>;
export const toSending = (row: SendingRow): Sending => ({
  number: row.number,
  sentAt: row.sentAt.getTime(),
  answer: row.answer === null ? null : answer.parse(row.answer),
  httpStatus: row.httpStatus,
  answeredAt: ms(row.answeredAt),
  startedAt: ms(row.startedAt),
  wholeAt: ms(row.wholeAt),
});

export const toAttempt = (row: Pick<Rows.AttemptModel, keyof Attempt>): Attempt => ({
  ...toSending(row),
  id: row.id,
  jobId: row.jobId,
  endpointId: row.endpointId,
  plan: toPlan(row.plan),
});

/** As the attempt that it may become. */
export const duplicateAsAttempt = (row: Rows.DuplicateModel): Attempt =>
  toAttempt({ ...row, number: 0, wholeAt: null });

/** What is read with each result. */
export const WITH_METADATA = {
  job: { select: { title: true, familyId: true } },
  metadata: { select: { model: true, seed: true, prompt: true } },
} as const;
type ResultRow = Omit<Rows.ResultModel, 'attemptId' | 'name' | 'stem' | 'counter' | 'workerStem' | 'metadataId'> & {
  job: { title: string; familyId: string | null };
  metadata: { model: string | null; seed: string | null; prompt: string | null } | null;
};

export const toResult = (row: ResultRow): Result => ({
  id: row.id,
  userId: row.userId,
  jobId: row.jobId,
  nodeId: row.nodeId,
  path: row.path,
  givenName: row.givenName,
  kind: kind.parse(row.kind),
  mime: row.mime,
  bytes: Number(row.bytes),
  sha256: row.sha256,
  width: row.width,
  height: row.height,
  duration: row.duration,
  codecs: row.codecs,
  deliveredAt: row.deliveredAt?.getTime() ?? 0,
  title: row.job.title,
  familyId: row.job.familyId ?? row.jobId,
  model: row.metadata?.model ?? null,
  seed: row.metadata?.seed ?? null,
  prompt: row.metadata?.prompt ?? null,
  favourite: row.favourite,
  rating: row.rating,
  rejected: row.rejected,
  wallAt: ms(row.wallAt),
  removedAt: ms(row.removedAt),
  preview: row.preview,
  unfinished: row.unfinished,
  blake3: row.blake3,
});

export const toInput = (row: Rows.InputModel): Input => ({
  id: row.id,
  userId: row.userId,
  name: row.name,
  file: row.file,
  sha256: row.sha256,
  kind: inputKind.parse(row.kind),
  mime: row.mime,
  bytes: Number(row.bytes),
  createdAt: row.createdAt.getTime(),
  usesKnown: row.usesKnown,
  blake3: row.blake3,
});

export const toToken = (row: Rows.PersonalTokenModel): TokenRecord => ({
  id: row.id,
  name: row.name,
  scope: scope.parse(row.scope),
  createdAt: row.createdAt.getTime(),
  lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  expiresAt: row.expiresAt?.getTime() ?? null,
});

type UserRow = Omit<Rows.UserModel, 'nameKey' | 'lastServedAt' | 'joinCodeId' | 'graphBytes'>;

export const toUser = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  role: role.parse(row.role),
  folder: row.folder,
  passwordHash: row.passwordHash,
  enabled: row.disabledAt === null,
  comfyui: row.comfyuiOffAt === null,
  createdAt: row.createdAt.getTime(),
  lastSeenAt: ms(row.lastSeenAt),
  leftAt: ms(row.deletedAt),
  waitingCap: row.waitingCap,
  inFlightCap: row.inFlightCap,
});

export const toEndpoint = (row: Rows.EndpointModel): Endpoint => ({
  id: row.id,
  name: row.name,
  url: row.url,
  gpu: row.gpu,
  pricing: pricing.parse(row.pricing),
  capacity: row.capacity,
  apiKeyVariable: row.apiKeyVariable,
  enabled: row.enabled,
  origin: origin.parse(row.origin),
  place: row.place,
  pricePerHour: row.pricePerHour,
  deployment: row.deployment,
  listening: listening.parse(row.listening),
  keepWarmUntil: ms(row.keepWarmUntil),
  warmWorkflowId: row.warmWorkflowId,
});

export function toEvent(row: Rows.EventModel): StoredEvent {
  const base = { id: row.id, userId: row.userId, jobId: row.jobId };
  return row.type === 'result.added' && row.resultId !== null
    ? { ...base, type: 'result.added', resultId: row.resultId }
    : { ...base, type: 'job.updated' };
}
