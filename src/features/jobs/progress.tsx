import { arrivedWords } from '#src/domain/messages/phase-words.ts';
import type { Job } from './jobs-cache.ts';

const MAX_PARTS = 24;

/** How many of the expected files have arrived, as a segmented bar; of a single file the steps of the running node, where its worker reports them. */
export function Progress({ job }: { job: Pick<Job, 'title' | 'progress' | 'results' | 'live'> }) {
  const { progress, live } = job;
  if (live?.step && (progress?.expected ?? 1) < 2) return <Steps title={job.title} {...live.step} />;
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
      className="flex h-full gap-px"
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

function Steps({ title, value, max }: { title: string; value: number; max: number }) {
  return (
    <div
      role="progressbar"
      aria-label={`Steps of ${title || 'Untitled'}`}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuetext={`${value} of ${max}`}
      className="h-full bg-line"
    >
      <span className="block h-full origin-left bg-accent transition-transform" style={{ scale: `${value / max} 1` }} />
    </div>
  );
}
