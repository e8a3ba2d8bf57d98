import { counted } from '#src/domain/measures.ts';
import { useQueueState } from '../jobs/jobs-cache.ts';

/** The state of the queue, shown before Run. */
export function QueueNote() {
  const queue = useQueueState();
  if (!queue) return null;
  return <p className="text-quiet">{queueWords(queue)}</p>;
}

type QueueState = { readonly paused: boolean; readonly intakeOpen: boolean; readonly waiting: number };

export function queueWords({ paused, intakeOpen, waiting }: QueueState): string {
  if (!intakeOpen) return 'The teacher has closed the queue. Your input here is kept.';
  if (paused) return 'The teacher has paused the queue. New jobs wait until it resumes.';
  return waiting === 0 ? 'The queue is empty.' : `${counted(waiting, 'job')} in the queue.`;
}
