import { Pause } from 'lucide-react';
import { type QueueState, queueStateWords } from '#src/domain/messages/queue-words.ts';

/** What the teacher has done to the queue; nothing while it runs as usual. */
export function QueueStateNote({ queue, more = '' }: { queue: QueueState; more?: string }) {
  const words = queueStateWords(queue);
  if (words === null) return null;
  return (
    <p role="status" className="flex items-start gap-2">
      <Pause size={16} aria-hidden className="mt-0.5 shrink-0 text-accent" />
      {words} {more}
    </p>
  );
}
