import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#src/domain/errors.ts';
import type { LogGuard } from '#src/ports/client-logs.ts';

const WINDOW_SECONDS = 60;
/** Of one person, in all tabs. */
const MAX_ENTRIES = 200;

export function createLogGuard(): LogGuard {
  const entriesOf = new RateLimiterMemory({ points: MAX_ENTRIES, duration: WINDOW_SECONDS });
  return {
    async enter(userId, entries) {
      try {
        await entriesOf.consume(userId, entries);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw new AppError('too_many_attempts', `Too many error reports. Try again in ${seconds} s.`, {
          retryAfterSeconds: seconds,
        });
      }
    },
  };
}
