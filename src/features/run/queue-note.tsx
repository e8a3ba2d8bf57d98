import { counted } from '#src/domain/measures.ts';
import { type QueueState, queueStateWords } from '#src/domain/messages/queue-words.ts';
import { useQueueState } from '../jobs/jobs-cache.ts';

/** The state of the queue, shown before Run. */
export function QueueNote() {
  const queue = useQueueState();
  if (!queue) return null;
  return (
    <p role="status" className={queue.intakeOpen ? 'text-quiet' : 'font-semibold'}>
      {queueWords(queue)}
    </p>
  );
}

export function queueWords(queue: QueueState & { readonly waiting: number }): string {
  const state = queueStateWords(queue);
  if (state !== null) return queue.intakeOpen ? state : `${state} Your input here is kept.`;
  return queue.waiting === 0 ? 'The queue is empty.' : `${counted(queue.waiting, 'job')} in the queue.`;
}
