import { afterFailure, type Breaker, CLOSED } from '#src/domain/endpoints/circuit-breaker.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { createLogOnce } from '../state/log-once.ts';
import type { Timings } from '../timings.ts';

/** Calls to a GPU platform that is sometimes unavailable. */
export function createPatientCalls(deps: { clock: Clock; log: Log; timings: Timings }) {
  const logOnce = createLogOnce();
  const coolDowns = new Map<string, Breaker>();
  const problems = new Map<string, string>();
  let stopped = false;

  /** Tells a trouble once, tries again after growing pauses, and never lets it reach a job. Undefined while it cools down, and when it failed. */
  async function attempt<T>(what: string, task: () => Promise<T>): Promise<T | undefined> {
    const rest = coolDowns.get(what) ?? CLOSED;
    if (deps.clock.now() < rest.openUntil || stopped) return undefined;
    try {
      const value = await task();
      coolDowns.delete(what);
      problems.delete(what);
      if (logOnce.isOver(what)) deps.log.info({ what }, 'GPU platform responding again');
      return value;
    } catch (error) {
      if (stopped) return undefined;
      if (!(error instanceof AppError) || error.code !== 'platform_unavailable') throw error;
      const now = deps.clock.now();
      const next = afterFailure(rest, 'unreachable', now, deps.timings.platform.coolDowns);
      const openUntil = Math.max(next.openUntil, now + (error.retryAfterSeconds ?? 0) * 1000);
      coolDowns.set(what, { ...next, openUntil });
      problems.set(what, error.message);
      if (logOnce.isNew(what, error))
        deps.log.warn(
          { what, err: error, retryInMs: openUntil - now },
          'GPU platform unavailable, continuing without it',
        );
      return undefined;
    }
  }

  return {
    attempt,
    problemOf: (what: string): string | null => problems.get(what) ?? null,
    stop(): void {
      stopped = true;
    },
  };
}
