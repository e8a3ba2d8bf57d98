import type { Reason } from './job.ts';

export type ReasonFacts = {
  readonly attempts: number;
  readonly node?: string;
  readonly cause?: string;
  readonly minutes?: number;
  readonly here?: number;
  readonly expected?: number;
};

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** Why a job ended, for the person whose job it was: what happened, and whether her work is safe. */
export function reasonSentence(reason: Reason, facts: ReasonFacts): string {
  switch (reason) {
    case 'invalid_graph':
    case 'rejected_by_worker':
      return `ComfyUI could not use this workflow${facts.cause ? `: ${facts.cause}` : '.'}`;
    case 'endpoint_unreachable':
      return 'No GPU could be reached. Your workflow is safe.';
    case 'never_started':
      return `The GPU accepted your job but never began. We tried ${times(facts.attempts)}. Your workflow is safe.`;
    case 'lost':
      return `The GPU went away in the middle. We tried ${times(facts.attempts)}. Your workflow is safe.`;
    case 'execution_error':
      return `${facts.node ?? 'A node'} stopped${facts.cause ? `: ${facts.cause}` : '.'}`;
    case 'timed_out':
      return `Stopped after ${facts.minutes ?? 0} min without finishing.`;
    case 'incomplete':
      return `${facts.here ?? 0} of ${facts.expected ?? 0} files arrived; the others never came.`;
    case 'storage_full':
      return 'Your files are safe on the GPU’s disk; there is no room here yet. The teacher has been told.';
    case 'cancelled':
      return 'Cancelled.';
  }
}
