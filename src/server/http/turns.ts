import { setImmediate } from 'node:timers/promises';
import PQueue from 'p-queue';
import { AppError } from '#src/domain/errors.ts';
import type { Turns } from '#src/ports/auth.ts';

const MAX_WAITING = 1000;
const RETRY_SECONDS = 5;

/** One queue per person, so that nobody waits for somebody else's calls. */
export function createTurns(atATime: number): Turns {
  const queues = new Map<string, PQueue>();

  function queueOf(who: string): PQueue {
    const known = queues.get(who);
    if (known) return known;
    const queue = new PQueue({ concurrency: atATime });
    queue.once('idle', () => queues.delete(who));
    queues.set(who, queue);
    return queue;
  }

  return async (who, call) => {
    const queue = queueOf(who);
    if (queue.size >= MAX_WAITING)
      throw new AppError('too_many_attempts', `Too many calls at a time. Try again in ${RETRY_SECONDS} seconds.`, {
        retryAfterSeconds: RETRY_SECONDS,
      });
    const mustWait = queue.pending >= atATime;
    return queue.add(async () => {
      // Without this, one person's queue would run to its end before other people's requests are read.
      if (mustWait) await setImmediate();
      return call();
    });
  };
}
