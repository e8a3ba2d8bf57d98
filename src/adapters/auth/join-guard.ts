import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { JoinGuard } from '#src/ports/auth.ts';
import { networkOf, tooMany } from './network.ts';

const WINDOW_S = 60;
const WRONG_CODES = 30;
const SEATS = 10;

/** Of 24 million codes, so few a minute; and so few seats, that nobody fills a class before the teacher sees it. Names do not count: a class has one address. */
export function createJoinGuard(): JoinGuard {
  const codes = new RateLimiterMemory({ points: WRONG_CODES, duration: WINDOW_S });
  const seats = new RateLimiterMemory({ points: SEATS, duration: WINDOW_S });

  async function consume(limiter: RateLimiterMemory, address: string, what: string): Promise<void> {
    try {
      await limiter.consume(networkOf(address));
    } catch (error) {
      throw error instanceof RateLimiterRes ? tooMany(error.msBeforeNext, what) : error;
    }
  }

  return {
    tryCode: (address) => consume(codes, address, 'Too many wrong codes from this network.'),
    async rightCode(address) {
      await codes.reward(networkOf(address));
    },
    takeSeat: (address) => consume(seats, address, `At most ${SEATS} people a minute join from one network.`),
    async noSeat(address) {
      await seats.reward(networkOf(address));
    },
  };
}
