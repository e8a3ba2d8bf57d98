import { counted } from '#src/domain/measures.ts';
import { useLine } from '../jobs/jobs-cache.ts';

/** What she should know of the line before she presses Run. */
export function LineNote() {
  const line = useLine();
  if (!line) return null;
  return <p className="text-quiet">{lineWords(line)}</p>;
}

type Line = { readonly paused: boolean; readonly intakeOpen: boolean; readonly waiting: number };

export function lineWords({ paused, intakeOpen, waiting }: Line): string {
  if (!intakeOpen) return 'The teacher takes no new jobs just now. What you type here is kept.';
  if (paused) return 'The teacher has paused the queue. What you run now waits in line until it goes on.';
  return waiting === 0 ? 'Nobody is in line.' : `In line just now: ${counted(waiting, 'job')}.`;
}
