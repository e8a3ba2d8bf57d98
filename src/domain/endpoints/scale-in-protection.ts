import type { PlatformReplicaState } from './platform-deployment.ts';

/** What a deployment's smallest number of replicas was before we raised it. Of the other two, either may be found there after a crash, and is ours. */
export type Hold = { readonly minBefore: number; readonly minSet: number; readonly minAsked: number };

export type HoldStep =
  | { readonly type: 'nothing' }
  | { readonly type: 'raise'; readonly hold: Hold }
  | { readonly type: 'restore'; readonly hold: Hold }
  /** It is as it was before: there is nothing left to do. */
  | { readonly type: 'forget' }
  /** Somebody else has set another value: it is hers now. */
  | { readonly type: 'leave' };

export type HoldFacts = {
  /** As the platform has it now. */
  readonly scaling: { readonly min: number; readonly max: number };
  readonly hold: Hold | null;
  /** Replicas that must not be taken away. */
  readonly needed: number;
  /** Nothing has been needed for so long, ms. */
  readonly quietForMs: number;
};

const GONE: readonly PlatformReplicaState[] = ['terminating', 'error'];

/**
 * How many replicas must stay. While anything is in flight these are all that are up or coming, also those with nothing to do: the platform takes away
 * any of them, and nobody can tell it which.
 */
export function neededReplicas(
  inFlight: number,
  replicas: readonly { readonly state: PlatformReplicaState }[],
  isKeptWarm: boolean,
): number {
  if (inFlight === 0) return isKeptWarm ? 1 : 0;
  return Math.max(inFlight, replicas.filter(({ state }) => !GONE.includes(state)).length);
}

/**
 * While anything is needed the value only rises: a replica that renders after it has answered looks idle to the platform.
 */
export function holdStep({ scaling: { min, max }, hold, needed, quietForMs }: HoldFacts, quietMs: number): HoldStep {
  const wanted = Math.min(needed, max);
  if (hold !== null && min !== hold.minSet && min !== hold.minAsked) return { type: 'leave' };
  if (needed > 0) {
    if (wanted <= min) return { type: 'nothing' };
    return { type: 'raise', hold: { minBefore: hold?.minBefore ?? min, minSet: min, minAsked: wanted } };
  }
  if (hold === null || quietForMs < quietMs) return { type: 'nothing' };
  const before = Math.min(hold.minBefore, max);
  return min === before
    ? { type: 'forget' }
    : { type: 'restore', hold: { minBefore: hold.minBefore, minSet: min, minAsked: before } };
}
