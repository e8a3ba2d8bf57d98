import { counted } from '#src/domain/messages/measures.ts';
import { useLine } from '../jobs/jobs-cache.ts';

/** What she should know of the line before she presses Run. */
export function LineNote() {
  const line = useLine();
  if (!line) return null;
  return <p className="text-quiet">{lineWords(line)}</p>;
}

type Line = { readonly paused: boolean; readonly intakeOpen: boolean; readonly waiting: number };

export function lineWords({ paused, intakeOpen, waiting }: Line): string {
  if (!intakeOpen) return 'The teacher has closed the queue. Your input here is kept.';
  if (paused) return 'The teacher has paused the queue. New jobs wait until it resumes.';
  return waiting === 0 ? 'The queue is empty.' : `${counted(waiting, 'job')} in the queue.`;
}
