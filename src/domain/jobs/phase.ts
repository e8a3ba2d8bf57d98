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
  /** When the platform last started GPUs there while none was up. */
  readonly gpuStart: { readonly from: number; readonly until: number } | null;
};

/** Whether a GPU is started for an attempt. Once true it stays true: what is known of the past decides, so a phase never goes back. */
function needsGpuStart({ attempt, gpuStart }: PhaseFacts, now: number): boolean {
  if (attempt === null) return false;
  const { sentAt, answer, answeredAt } = attempt;
  if ((answeredAt ?? now) - sentAt >= HELD_MS) return true;
  const lastUnanswered = answer === 'accepted' ? (answeredAt ?? now) : now;
  return gpuStart !== null && gpuStart.until > sentAt && gpuStart.from <= lastUnanswered;
}

/** The phase at `now`, and since when it is so (epoch ms). */
export function phaseOf(facts: PhaseFacts, now: number): { phase: Phase; since: number } {
  const { attempt } = facts;
  switch (facts.status) {
    case 'queued':
      return { phase: 'waiting', since: facts.createdAt };
    case 'dispatched':
      return { phase: needsGpuStart(facts, now) ? 'waking' : 'sent', since: attempt?.sentAt ?? facts.createdAt };
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
