import { phaseWords } from '#src/domain/messages/phase-words.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { LivePreview } from '../jobs/live-preview.tsx';
import { Progress } from '../jobs/progress.tsx';
import type { Story } from './job-story.ts';

/** How far a job is while it renders: the node that runs, its steps, and the picture as far as the worker shows it. */
export function JobLive({ job }: { job: Story['job'] }) {
  const now = onServerClock(useNow());
  const { aside } = phaseWords(job, now);
  return (
    <div className="flex max-w-xl flex-col gap-2">
      {aside && <p className="tabular-nums">{aside}</p>}
      <div className="h-1 overflow-hidden rounded empty:hidden">
        <Progress job={job} />
      </div>
      <LivePreview jobId={job.id} title={job.title || 'Untitled'} className="h-24" />
    </div>
  );
}
