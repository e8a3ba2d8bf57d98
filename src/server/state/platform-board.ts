import { replicaCounts } from '#src/domain/endpoints/platform-deployment.ts';
import { startStageOf } from '#src/domain/jobs/phase.ts';
import type { DeploymentState, PlatformBoard } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

/** What was seen longer ago proves nothing. */
const FRESH_MS = 30_000;
/** So long after an operator has looked, somebody is thought to be looking. */
const LOOKING_MS = 15_000;

/** Kept in memory: after a restart the platform is asked again. */
export function createPlatformBoard(clock: Clock) {
  let states: readonly DeploymentState[] = [];
  let problem: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  function fresh(endpointId: string) {
    const state = states.find(({ endpoints }) => endpoints.some(({ id }) => id === endpointId));
    if (!state || state.seenAt === null || clock.now() - state.seenAt > FRESH_MS) return null;
    return { replicas: state.replicas, seenAt: state.seenAt };
  }
  return {
    wake(endpointId) {
      const state = fresh(endpointId);
      return state && startStageOf(state.replicas);
    },
    replicas(endpointId) {
      const state = fresh(endpointId);
      return state && { ...replicaCounts(state.replicas), seenAt: state.seenAt };
    },
    read() {
      lookedAt = clock.now();
      return { states, problem };
    },
    isLookedAt: (): boolean => clock.now() - lookedAt < LOOKING_MS,
    states: () => states,
    show(next: readonly DeploymentState[], nextProblem: string | null): void {
      states = next;
      problem = nextProblem;
    },
  } satisfies PlatformBoard & Record<string, unknown>;
}
export type Board = ReturnType<typeof createPlatformBoard>;
