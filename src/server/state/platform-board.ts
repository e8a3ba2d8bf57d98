import { wakeOf } from '#src/domain/jobs/phase.ts';
import type { PlatformBoard, Sight } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

/** What was seen longer ago proves nothing. */
const FRESH_MS = 30_000;
/** So long after an operator has looked, somebody is thought to be looking. */
const LOOKING_MS = 15_000;

/** Kept in memory: after a restart the platform is asked again. */
export function createPlatformBoard(clock: Clock) {
  let sights: readonly Sight[] = [];
  let problem: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    wake(endpointId) {
      const sight = sights.find(({ endpoints }) => endpoints.some(({ id }) => id === endpointId));
      if (!sight || sight.seenAt === null || clock.now() - sight.seenAt > FRESH_MS) return null;
      return wakeOf(sight.replicas);
    },
    look() {
      lookedAt = clock.now();
      return { sights, problem };
    },
    isLookedAt: (): boolean => clock.now() - lookedAt < LOOKING_MS,
    sights: () => sights,
    show(next: readonly Sight[], nextProblem: string | null): void {
      sights = next;
      problem = nextProblem;
    },
  } satisfies PlatformBoard & Record<string, unknown>;
}
export type Board = ReturnType<typeof createPlatformBoard>;
