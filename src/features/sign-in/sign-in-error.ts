import { roughly } from '#src/domain/measures.ts';
import type { Failure } from '../api-client/failure.ts';

/** Why signing in failed; `then` is what to do after the wait. */
export function signInError({ code, sentence, retryAfterSeconds }: Failure, then: string): string {
  if (code !== 'too_many_attempts' || retryAfterSeconds === null) return sentence;
  return `Too many attempts. Wait ${roughly(retryAfterSeconds)}, then ${then} again.`;
}
