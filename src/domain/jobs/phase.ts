import type { PlatformReplicaState } from '../endpoints/platform-deployment.ts';
import type { JobStatus } from './job.ts';

/** What people are told. Each phase rests on something that was observed. */
export const PHASES = ['waiting', 'sent', 'waking', 'rendering', 'delivering', 'done', 'failed', 'cancelled'] as const;
export type Phase = (typeof PHASES)[number];

/** A ComfyUI that is up answers a POST within milliseconds; one that is held this long is being held for a replica to start. */
export const HELD_MS = 3000;

/** How far a GPU is that is being started. */
export type StartStage = 'image_pulling' | 'initializing';

/** How far the one is that will be there first; null while any is up, or none is coming. */
export function startStageOf(replicas: readonly { readonly state: PlatformReplicaState }[]): StartStage | null {
  const states = new Set(replicas.map(({ state }) => state));
  if (states.has('running')) return null;
  if (states.has('initializing')) return 'initializing';
  return states.has('image_pulling') ? 'image_pulling' : null;
}

export type PhaseFacts = {
  readonly status: JobStatus;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Of the newest attempt. */
  readonly attempt: {
    readonly sentAt: number;
    readonly answer: 'accepted' | 'unknown' | null;
    readonly answeredAt: number | null;
    readonly startedAt: number | null;
    readonly wholeAt: number | null;
  } | null;
  /** What the platform says of the GPUs there, as long as none is up. */
  readonly wake: StartStage | null;
};

/** The phase at `now`, and since when it is so (epoch ms). */
export function phaseOf(facts: PhaseFacts, now: number): { phase: Phase; since: number } {
  const { attempt } = facts;
  switch (facts.status) {
    case 'queued':
      return { phase: 'waiting', since: facts.createdAt };
    case 'dispatched': {
      const sentAt = attempt?.sentAt ?? facts.createdAt;
      const held = attempt !== null && attempt.answeredAt === null && now - sentAt >= HELD_MS;
      const isComing = facts.wake !== null && attempt !== null && attempt.answer !== 'accepted';
      return { phase: held || isComing ? 'waking' : 'sent', since: sentAt };
    }
    case 'running':
      return { phase: 'rendering', since: attempt?.startedAt ?? attempt?.sentAt ?? facts.createdAt };
    case 'delivering':
      return { phase: 'delivering', since: attempt?.wholeAt ?? attempt?.sentAt ?? facts.createdAt };
    case 'completed':
      return { phase: 'done', since: facts.endedAt ?? facts.createdAt };
    case 'failed':
      return { phase: 'failed', since: facts.endedAt ?? facts.createdAt };
    case 'cancelled':
      return { phase: 'cancelled', since: facts.endedAt ?? facts.createdAt };
  }
}
