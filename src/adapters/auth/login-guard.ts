import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { nameKey } from '#src/domain/users/name-key.ts';
import type { LoginGuard } from '#src/ports/auth.ts';
import { networkOf, tooMany } from './network.ts';

const WINDOW_S = 15 * 60;
const TRIES = 8;
const FIRST_WAIT_S = 60;
const DAY_S = 86_400;

/**
 * Slows who guesses, and nobody else. Tries are counted for a name from one network, so that neither guesses from elsewhere nor wrong names behind a shared
 * address lock anybody out; a browser that signed in as this person before has a count of its own. After so many tries each wait is twice the last one.
 */
export function createLoginGuard(): LoginGuard {
  // Counts begin anew with the process, so browsers may be known anew too.
  const secret = randomBytes(32);
  const tries = new RateLimiterMemory({ points: TRIES, duration: WINDOW_S });
  const waits = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: DAY_S });

  const seal = (name: string, nonce: string): Buffer =>
    createHmac('sha256', secret)
      .update(`${nonce} ${nameKey(name)}`)
      .digest();

  function isKnown(name: string, device: string): boolean {
    const [nonce = '', given = ''] = device.split('.');
    const [wanted, got] = [seal(name, nonce), Buffer.from(given, 'base64url')];
    return wanted.length === got.length && timingSafeEqual(wanted, got);
  }

  const keyOf = (name: string, { address, device }: { address: string; device: string | null }): string =>
    device !== null && isKnown(name, device) ? `device ${device}` : `${nameKey(name)} ${networkOf(address)}`;

  return {
    async enter(name, caller) {
      const key = keyOf(name, caller);
      try {
        await tries.consume(key);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        if (error.consumedPoints !== TRIES + 1) throw tooMany(error.msBeforeNext);
        const { consumedPoints: times } = await waits.penalty(key);
        const seconds = Math.min(WINDOW_S, FIRST_WAIT_S * 2 ** (times - 1));
        await tries.block(key, seconds);
        throw tooMany(seconds * 1000);
      }
    },

    async succeeded(name, caller) {
      const key = keyOf(name, caller);
      await Promise.all([tries.delete(key), waits.delete(key)]);
      if (caller.device !== null && isKnown(name, caller.device)) return caller.device;
      const nonce = randomBytes(16).toString('base64url');
      return `${nonce}.${seal(name, nonce).toString('base64url')}`;
    },
  };
}
