import { isTRPCClientError } from '@trpc/client';
import type { AppRouter } from '#src/api/app/router.ts';
import type { NodeErrors } from '#src/domain/errors.ts';

export type Failure = {
  /** The API's error code; null without a response. */
  readonly code: string | null;
  readonly sentence: string;
  readonly nodeErrors: NodeErrors | null;
  readonly retryAfterSeconds: number | null;
};

/** An error as a sentence to show. */
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
