import type { PlatformReplicaState } from './platform-deployment.ts';

/** What a deployment's smallest number of replicas was before we raised it. Of the other two, either may be found there after a crash, and is ours. */
export type ScaleInProtection = { readonly minBefore: number; readonly minSet: number; readonly minAsked: number };

export type ProtectionStep =
  | { readonly type: 'nothing' }
  | { readonly type: 'raise'; readonly protection: ScaleInProtection }
  | { readonly type: 'restore'; readonly protection: ScaleInProtection }
  /** It is as it was before: there is nothing left to do. */
  | { readonly type: 'forget' }
  /** Somebody else has set another value: it is theirs now. */
  | { readonly type: 'leave' };

export type ProtectionFacts = {
  /** As the platform has it now. */
  readonly scaling: { readonly min: number; readonly max: number };
  readonly protection: ScaleInProtection | null;
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
export function protectionStep(
  { scaling: { min, max }, protection, needed, quietForMs }: ProtectionFacts,
  quietMs: number,
): ProtectionStep {
  const wanted = Math.min(needed, max);
  if (protection !== null && min !== protection.minSet && min !== protection.minAsked) return { type: 'leave' };
  if (needed > 0) {
    if (wanted <= min) return { type: 'nothing' };
    return { type: 'raise', protection: { minBefore: protection?.minBefore ?? min, minSet: min, minAsked: wanted } };
  }
  if (protection === null || quietForMs < quietMs) return { type: 'nothing' };
  const before = Math.min(protection.minBefore, max);
  return min === before
    ? { type: 'forget' }
    : { type: 'restore', protection: { minBefore: protection.minBefore, minSet: min, minAsked: before } };
}
