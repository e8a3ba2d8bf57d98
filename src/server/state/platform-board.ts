import { replicaCounts } from '#src/domain/endpoints/platform-deployment.ts';
import { startStageOf } from '#src/domain/jobs/phase.ts';
import type { DeploymentState, PlatformBoard } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

/** What was seen longer ago proves nothing. */
const FRESH_MS = 30_000;
/** So long after an operator has looked, somebody is thought to be looking. */
const LOOKING_MS = 15_000;

type GpuStart = { readonly from: number; readonly until: number };

/** Kept in memory: after a restart the platform is asked again. */
export function createPlatformBoard(clock: Clock) {
  let states: readonly DeploymentState[] = [];
  let problem: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let starts: ReadonlyMap<string, GpuStart> = new Map();
  function fresh(endpointId: string) {
    const state = states.find(({ endpoints }) => endpoints.some(({ id }) => id === endpointId));
    if (!state || state.seenAt === null || clock.now() - state.seenAt > FRESH_MS) return null;
    return { replicas: state.replicas, seenAt: state.seenAt };
  }
  /** What is known of the last start there, once this was seen. */
  function startAt({ replicas, seenAt }: DeploymentState, endpointId: string): [string, GpuStart][] {
    const now = clock.now();
    const last = starts.get(endpointId);
    const isGoingOn = last !== undefined && last.until > now;
    if (seenAt !== null && now - seenAt <= FRESH_MS && startStageOf(replicas) !== null)
      return [[endpointId, { from: isGoingOn ? last.from : seenAt, until: seenAt + FRESH_MS }]];
    return last ? [[endpointId, isGoingOn ? { from: last.from, until: now } : last]] : [];
  }
  return {
    wake(endpointId) {
      const state = fresh(endpointId);
      return state && startStageOf(state.replicas);
    },
    gpuStart: (endpointId) => starts.get(endpointId) ?? null,
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
      starts = new Map(next.flatMap((state) => state.endpoints.flatMap(({ id }) => startAt(state, id))));
      states = next;
      problem = nextProblem;
    },
  } satisfies PlatformBoard & Record<string, unknown>;
}
export type Board = ReturnType<typeof createPlatformBoard>;
