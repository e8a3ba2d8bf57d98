import { AppError } from '#src/domain/errors.ts';
import type { Turns } from '#src/ports/turns.ts';

const MAX_WAITING = 1000;
const RETRY_SECONDS = 5;

type Line = { running: number; readonly waiting: (() => void)[] };

export function createTurns(atATime: number): Turns {
  const lines = new Map<string, Line>();

  function end(who: string, line: Line): void {
    const next = line.waiting.shift();
    // What has come from others meanwhile goes first.
    if (next) setImmediate(next);
    else line.running -= 1;
    if (line.running === 0) lines.delete(who);
  }

  return async (who) => {
    const line = lines.get(who) ?? { running: 0, waiting: [] };
    lines.set(who, line);
    if (line.running < atATime) line.running += 1;
    else {
      if (line.waiting.length >= MAX_WAITING)
        throw new AppError('too_many_attempts', `Too many calls at a time. Try again in ${RETRY_SECONDS} seconds.`, {
          retryAfterSeconds: RETRY_SECONDS,
        });
      await new Promise<void>((resolve) => line.waiting.push(resolve));
    }
    let ended = false;
    return () => {
      if (!ended) end(who, line);
      ended = true;
    };
  };
}
