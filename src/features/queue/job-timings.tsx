import type { JobStage } from '#src/domain/jobs/job-timings.ts';
import { clock } from '#src/domain/measures.ts';
import type { Story } from './job-story.ts';

const STAGES: Record<JobStage, { name: string; className: string }> = {
  waiting: { name: 'Queued', className: 'bg-edge' },
  starting: { name: 'Starting', className: 'bg-waking' },
  rendering: { name: 'Rendering', className: 'bg-accent' },
  delivering: { name: 'Saving', className: 'bg-done' },
};

/** Time breakdown, as a bar, and the same in words. */
export function JobTimings({ spans }: { spans: Story['spans'] }) {
  const whole = spans.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <div className="flex flex-col gap-2">
      <div aria-hidden className="flex h-3 w-full gap-px overflow-hidden rounded bg-raised">
        {spans.map(({ stage, ms, attempt }) => (
          <span
            key={`${stage} ${attempt}`}
            style={{ flexGrow: ms }}
            className={`min-w-0.5 basis-0 ${STAGES[stage].className}`}
          />
        ))}
      </div>
      <ul aria-label="Time breakdown" className="flex flex-wrap gap-x-5 gap-y-1">
        {spans.map(({ stage, ms, attempt }) => (
          <li key={`${stage} ${attempt}`} className="flex items-center gap-1.5 text-quiet">
            <span aria-hidden className={`size-2.5 rounded-full ${STAGES[stage].className}`} />
            {STAGES[stage].name}
            {attempt > 1 || (stage === 'waiting' && attempt > 0)
              ? ` (attempt ${stage === 'waiting' ? attempt + 1 : attempt})`
              : ''}
            <b className="font-semibold text-text tabular-nums">{clock(ms)}</b>
          </li>
        ))}
        <li className="text-quiet">
          Total <b className="font-semibold text-text tabular-nums">{clock(whole)}</b>
        </li>
      </ul>
    </div>
  );
}
