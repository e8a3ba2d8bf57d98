import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#src/domain/errors.ts';
import { nameKey } from '#src/domain/name-key.ts';
import type { LoginGuard } from '#src/ports/passwords.ts';

const WINDOW_SECONDS = 15 * 60;
/** A whole class may sit behind one address, so the address alone gets more room than one name from one address. */
const PER_NAME_AND_ADDRESS = 8;
const PER_NAME = 40;
const PER_ADDRESS = 200;

export function createLoginGuard(): LoginGuard {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  const pair = limiter(PER_NAME_AND_ADDRESS);
  const name = limiter(PER_NAME);
  const address = limiter(PER_ADDRESS);
  const limitersOf = (who: string, from: string) =>
    [
      [pair, `${nameKey(who)} ${from}`],
      [name, nameKey(who)],
      [address, from],
    ] as const;

  return {
    async enter(who, from) {
      for (const [limit, key] of limitersOf(who, from)) {
        try {
          await limit.consume(key);
        } catch (error) {
          if (!(error instanceof RateLimiterRes)) throw error;
          const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
          const wait =
            seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
          throw new AppError('too_many_attempts', `Too many attempts. Try again in ${wait}.`, {
            retryAfterSeconds: seconds,
          });
        }
      }
    },
    async succeeded(who, from) {
      await pair.delete(`${nameKey(who)} ${from}`);
      await name.reward(nameKey(who));
      await address.reward(from);
    },
  };
}
