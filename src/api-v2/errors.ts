import { z } from 'zod';
import { nodeDetails } from '#src/domain/api-v2/submission.ts';
import { type AppError, appErrorIn, type ErrorCode } from '#src/domain/errors.ts';

/** The contract's own codes, and ours where it has none. */
export type ApiErrorCode =
  | 'invalid_request'
  | 'invalid_workflow'
  | 'workflow_format_ui'
  | 'missing_asset'
  | 'hash_mismatch'
  | 'blob_not_found'
  | 'idempotency_key_reuse'
  | 'idempotency_conflict'
  | 'queue_full'
  | 'rate_limited'
  | 'too_large'
  | 'conflict'
  | 'not_found'
  | 'method_not_allowed'
  | 'unauthorized'
  | 'forbidden'
  | 'unavailable'
  | 'internal_error';

export const API_STATUS: Readonly<Record<ApiErrorCode, number>> = {
  invalid_request: 422,
  invalid_workflow: 422,
  workflow_format_ui: 422,
  missing_asset: 422,
  hash_mismatch: 409,
  blob_not_found: 404,
  idempotency_key_reuse: 422,
  idempotency_conflict: 409,
  queue_full: 429,
  rate_limited: 429,
  too_large: 413,
  conflict: 409,
  not_found: 404,
  method_not_allowed: 405,
  unauthorized: 401,
  forbidden: 403,
  unavailable: 503,
  internal_error: 500,
};

type Extra = { readonly details?: Readonly<Record<string, unknown>>; readonly retryAfterSeconds?: number };

/** A refusal in the contract's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: ApiErrorCode, message: string, { details, retryAfterSeconds }: Extra = {}) {
    super(message);
    this.code = code;
    this.details = details ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const CODES: Readonly<Record<ErrorCode, ApiErrorCode>> = {
  invalid_input: 'invalid_request',
  invalid_graph: 'invalid_workflow',
  not_signed_in: 'unauthorized',
  wrong_credentials: 'unauthorized',
  too_many_attempts: 'rate_limited',
  forbidden: 'forbidden',
  foreign_origin: 'forbidden',
  not_found: 'not_found',
  conflict: 'conflict',
  too_large: 'too_large',
  too_many_jobs: 'queue_full',
  shutting_down: 'unavailable',
  file_changed: 'conflict',
  foreign_file: 'conflict',
  storage_full: 'unavailable',
  storage_unavailable: 'unavailable',
  share_unavailable: 'unavailable',
  platform_unavailable: 'unavailable',
  database_unavailable: 'unavailable',
  internal: 'internal_error',
};

/** Clients try again when a full queue or a pause says when. */
const RETRY_SECONDS = 5;

function ofAppError({ code, message, nodeErrors, retryAfterSeconds }: AppError): ApiError {
  const own = CODES[code];
  const passes = API_STATUS[own] === 429 || API_STATUS[own] === 503;
  const seconds = retryAfterSeconds ?? (passes ? RETRY_SECONDS : undefined);
  return new ApiError(own, message, {
    ...(nodeErrors && { details: nodeDetails(nodeErrors) }),
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  });
}

/** What a client is told of an error; null = nobody expected it. */
export function toApiError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof SyntaxError) return new ApiError('invalid_request', 'The request is not valid JSON.');
  if (error instanceof z.ZodError)
    return new ApiError(
      'invalid_request',
      error.issues.map(({ path, message }) => `${path.join('.') || 'The request'}: ${message}`).join('; '),
    );
  const appError = appErrorIn(error);
  return appError && ofAppError(appError);
}

export const errorEnvelope = ({ code, message, details }: ApiError) => ({ error: { code, message, details } });
