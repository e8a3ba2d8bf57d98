import { arrivedWords } from '#src/domain/messages/phase-words.ts';
import type { Job } from './jobs-cache.ts';

const MAX_PARTS = 24;

/** How many of the expected files have arrived, as a segmented bar: the only progress that is known. */
export function Progress({ job }: { job: Pick<Job, 'title' | 'progress' | 'results'> }) {
  const { progress } = job;
  if (!progress || progress.expected < 2) return null;
  const { here, expected } = progress;
  return (
    <div
      role="progressbar"
      aria-label={`Files of ${job.title || 'Untitled'}`}
      aria-valuenow={here}
      aria-valuemin={0}
      aria-valuemax={expected}
      aria-valuetext={arrivedWords(job) ?? `0 of ${expected}`}
      className="absolute inset-x-0 bottom-0 flex h-1 gap-px"
    >
      {expected > MAX_PARTS ? (
        <span className="grow origin-left bg-accent transition-transform" style={{ scale: `${here / expected} 1` }} />
      ) : (
        Array.from({ length: expected }, (_, part) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place
          <span key={part} className={part < here ? 'grow bg-accent' : 'grow bg-line'} />
        ))
      )}
    </div>
  );
}
