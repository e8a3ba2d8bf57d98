import { counted } from '#src/domain/measures.ts';
import { useQueueState } from '../jobs/jobs-cache.ts';
import { QueueStateNote } from '../jobs/queue-state-note.tsx';

/** The state of the queue, shown before Run. */
export function QueueNote() {
  const queue = useQueueState();
  if (!queue) return null;
  if (queue.paused || !queue.intakeOpen)
    return <QueueStateNote queue={queue} more={queue.intakeOpen ? '' : 'Your input here is kept.'} />;
  return <p className="text-quiet">{waitingWords(queue.waiting)}</p>;
}

const waitingWords = (waiting: number): string =>
  waiting === 0 ? 'The queue is empty.' : `${counted(waiting, 'job')} in the queue.`;
