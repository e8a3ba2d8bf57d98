export type QueueState = { readonly paused: boolean; readonly intakeOpen: boolean };

/** What is said to somebody whose job is refused while the queue is closed. */
export const NOT_ACCEPTING = 'The teacher is not accepting new jobs now. Try again when the queue is open.';

/** What the teacher has done to the queue, for those who use it; null while it runs as usual. */
export function queueStateWords({ paused, intakeOpen }: QueueState): string | null {
  if (!intakeOpen)
    return paused
      ? 'The teacher has paused the queue and is not accepting new jobs. Queued jobs keep their place.'
      : 'The teacher is not accepting new jobs now. Jobs in the queue still run.';
  return paused ? 'The teacher has paused the queue. New jobs wait until it resumes.' : null;
}
