import { AppError } from '../errors.ts';
import { fileSize } from '../measures.ts';

/** How much one person may have. */
export type Allowance = {
  /** Jobs in the queue, where its owner has no cap of their own. */
  readonly waiting: number;
  readonly perMinute: number;
  /** Of stored graphs and workflows. */
  readonly bytes: number;
};
export type Had = { readonly waiting: number; readonly lastMinute: number; readonly bytes: number };

export const NOTHING_HAD: Had = { waiting: 0, lastMinute: 0, bytes: 0 };

/** Why one more job, of so many bytes, is too much for its owner; null when it is not. */
export function tooMuch(had: Had, bytes: number, allowed: Allowance): AppError | null {
  if (had.waiting >= allowed.waiting)
    return new AppError(
      'too_many_jobs',
      `You have ${had.waiting} ${had.waiting === 1 ? 'job' : 'jobs'} in the queue, the limit is ${allowed.waiting}. Try again when some are done.`,
    );
  if (had.lastMinute >= allowed.perMinute)
    return new AppError(
      'too_many_jobs',
      `You submitted ${had.lastMinute} jobs within a minute, the limit is ${allowed.perMinute}. Try again in a minute.`,
      { retryAfterSeconds: 60 },
    );
  if (had.bytes + bytes > allowed.bytes)
    return new AppError(
      'too_many_jobs',
      `Your workflows take ${fileSize(had.bytes)} of the database, the limit is ${fileSize(allowed.bytes)}. The teacher can raise it in the settings.`,
    );
  return null;
}

export const withOneMore = (had: Had, bytes: number): Had => ({
  waiting: had.waiting + 1,
  lastMinute: had.lastMinute + 1,
  bytes: had.bytes + bytes,
});
