import { type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { z } from 'zod';
import { AppError, appErrorIn, type ErrorCode } from '#src/domain/errors.ts';

export const TRPC_CODES = {
  invalid_input: 'BAD_REQUEST',
  invalid_graph: 'BAD_REQUEST',
  not_signed_in: 'UNAUTHORIZED',
  wrong_credentials: 'UNAUTHORIZED',
  too_many_attempts: 'TOO_MANY_REQUESTS',
  forbidden: 'FORBIDDEN',
  foreign_origin: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_large: 'PAYLOAD_TOO_LARGE',
  too_many_jobs: 'TOO_MANY_REQUESTS',
  shutting_down: 'SERVICE_UNAVAILABLE',
  file_changed: 'CONFLICT',
  foreign_file: 'CONFLICT',
  storage_full: 'SERVICE_UNAVAILABLE',
  storage_unavailable: 'SERVICE_UNAVAILABLE',
  share_unavailable: 'SERVICE_UNAVAILABLE',
  platform_unavailable: 'SERVICE_UNAVAILABLE',
  database_unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>;

/** Of what nobody expected: the log has it whole. */
export const INTERNAL = 'Something went wrong on the server. The error has been logged. Please try again.';

/** What a caller is told of an error: our own words, zod's findings, tRPC's own refusals; anything else is "internal". */
export function toAppError(error: TRPCError): AppError {
  const { cause } = error;
  const appError = appErrorIn(cause);
  if (appError) return appError;
  if (cause instanceof z.ZodError)
    return new AppError(
      'invalid_input',
      cause.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; '),
      { cause },
    );
  if (error.code === 'PAYLOAD_TOO_LARGE')
    return new AppError('too_large', 'The request is too large.', { cause: error });
  if (error.code === 'NOT_FOUND') return new AppError('not_found', 'Unknown procedure.', { cause: error });
  if (error.code === 'INTERNAL_SERVER_ERROR') return new AppError('internal', INTERNAL, { cause: error });
  return new AppError('invalid_input', error.message, { cause: error });
}

/** For what is answered without tRPC. */
export const httpStatusOf = (code: ErrorCode): number =>
  getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODES[code] }));

/** What somebody may not do, or proves to be who they are not. Others' things are "not found" to everybody, so only the operators' procedures show up here. */
export const isRefusal = (code: ErrorCode, path: string): boolean =>
  code === 'forbidden' ||
  code === 'wrong_credentials' ||
  code === 'too_many_attempts' ||
  (code === 'not_found' && path.startsWith('admin.'));
