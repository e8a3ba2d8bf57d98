import { isTRPCClientError } from '@trpc/client';
import type { AppRouter } from '#src/api/router.ts';
import type { NodeErrors } from '#src/domain/errors.ts';

export type Failure = {
  /** Our code; null when no answer of the server was read. */
  readonly code: string | null;
  readonly sentence: string;
  readonly nodeErrors: NodeErrors | null;
  readonly retryAfterSeconds: number | null;
};

/** What went wrong, ready to be shown. */
export function failureOf(error: unknown): Failure {
  if (isTRPCClientError<AppRouter>(error) && error.data) {
    return {
      code: error.data.appError,
      sentence: error.message,
      nodeErrors: error.data.nodeErrors ?? null,
      retryAfterSeconds: error.data.retryAfterSeconds ?? null,
    };
  }
  return {
    code: null,
    sentence: 'The server did not respond. Your work is safe. Try again in a moment.',
    nodeErrors: null,
    retryAfterSeconds: null,
  };
}

export const isNotSignedIn = (error: unknown): boolean => failureOf(error).code === 'not_signed_in';
