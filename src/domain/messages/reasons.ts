import type { Reason } from '../jobs/job.ts';

export type ReasonFacts = {
  readonly attempts: number;
  /** The class of the node that is to blame. */
  readonly node?: string;
  /** What the worker or the parser said, in its own words. */
  readonly cause?: string;
  readonly minutes?: number;
};

const GPU_MEMORY = /out of memory|OutOfMemory|would exceed allowed memory/i;
const MAX_CAUSE = 200;

/** The first line of a worker's words, as the end of a sentence of ours: no full stop, not too long. */
function clause(cause: string): string {
  const line =
    cause
      .trim()
      .split('\n')[0]
      ?.trim()
      .replace(/[.\s]+$/, '') ?? '';
  return line.length > MAX_CAUSE ? `${line.slice(0, MAX_CAUSE).trimEnd()} …` : line;
}

function tries(attempts: number): string {
  if (attempts < 1) return '';
  if (attempts === 1) return ' We tried once.';
  return attempts === 2 ? ' We tried twice.' : ` We tried ${attempts} times.`;
}

function unusable({ node, cause }: ReasonFacts): string {
  const blame = [node, cause && clause(cause)].filter(Boolean).join(' – ');
  return blame === '' ? 'ComfyUI could not use this workflow.' : `ComfyUI could not use this workflow: ${blame}.`;
}

function stopped({ node, cause }: ReasonFacts): string {
  const who = node ?? 'The workflow';
  if (cause && GPU_MEMORY.test(cause))
    return `${who} stopped: out of GPU memory. A smaller size or fewer frames will help.`;
  const words = clause(cause ?? '');
  return words === '' ? `${who} stopped with an error.` : `${who} stopped: ${words}.`;
}

/** Why a job ended without all of its results, for its owner. */
export function reasonSentence(reason: Reason, facts: ReasonFacts): string {
  switch (reason) {
    case 'invalid_graph':
    case 'rejected_by_worker':
      return unusable(facts);
    case 'endpoint_unreachable':
      return `No GPU could be reached.${tries(facts.attempts)} Your workflow is safe.`;
    case 'never_started':
      return `No GPU started your job in time.${tries(facts.attempts)} Your workflow is safe.`;
    case 'lost':
      return `The GPU was lost during rendering.${tries(facts.attempts)} Your workflow is safe.`;
    case 'execution_error':
      return stopped(facts);
    case 'timed_out':
      return facts.minutes === undefined
        ? 'Stopped without finishing in time.'
        : `Stopped after ${facts.minutes} min without finishing.`;
    case 'incomplete':
      return `The GPU finished, but its files never arrived.${tries(facts.attempts)} Your workflow is safe.`;
    case 'storage_full':
      return 'Your files are safe on the shared disk, but the server has no space for them yet. The teacher has been notified.';
    case 'key_forgotten':
      return 'The key of your Comfy account was kept in memory only, and the server was restarted. Send the job again from where you sent it: ComfyUI or your program.';
    case 'storage_unavailable':
      return 'Your files are safe on the shared disk, but the storage where they belong cannot be used yet. They are saved as soon as it can. The teacher has been notified.';
    case 'cancelled':
      return 'Cancelled.';
  }
}
