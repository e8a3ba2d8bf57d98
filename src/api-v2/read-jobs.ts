import { jobView, outputOf, progressOf } from '#src/domain/api-v2/job-view.ts';
import type { ApiJob } from '#src/domain/api-v2/schemas.ts';
import { parseMetadata } from '#src/domain/api-v2/submission.ts';
import { groupBy } from '#src/domain/group-by.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { ApiRequests } from '#src/ports/api-v2/requests.ts';
import type { Job, JobReader } from '#src/ports/jobs.ts';
import type { LiveRuns } from '#src/ports/live-runs.ts';
import type { Positions } from '#src/ports/queue.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { ApiError } from './errors.ts';

export type ReadJobs = {
  jobs: Pick<JobReader, 'find'>;
  results: Pick<ResultStore, 'ofJobs'>;
  apiRequests: Pick<ApiRequests, 'metadata'>;
  liveRuns: Pick<LiveRuns, 'of'>;
  positions: Positions;
  settings: SettingStore;
  clock: Clock;
};

/** An operator has jobs of their own too: others' are "not found" to them as to everybody. */
export async function ownApiJob(jobs: Pick<JobReader, 'find'>, { userId }: Actor, id: string): Promise<Job> {
  const job = await jobs.find(id);
  if (job?.userId !== userId) throw new ApiError('not_found', `You have no job ${id.slice(0, 100)}.`);
  return job;
}

/** The place of a job that waits. One that was stored just now stands behind all others of its owner's. */
const positionOf = ({ positions }: Pick<ReadJobs, 'positions'>, { id, userId, status }: Job): number | null =>
  status === 'queued' ? (positions.of(id) ?? positions.ofNew(userId)) : null;

/** What changes while nothing is stored. */
export const progressNow = (deps: ReadJobs, job: Job) => ({
  queue_position: positionOf(deps, job),
  progress: job.status === 'running' ? progressOf(deps.liveRuns.of(job.id), deps.clock.now()) : null,
});

export async function viewsOf(deps: ReadJobs, jobs: readonly Job[], origin: string): Promise<ApiJob[]> {
  const ids = jobs.map(({ id }) => id);
  const { keepDays } = await deps.settings.read();
  const results = groupBy(await deps.results.ofJobs(ids), ({ jobId }) => jobId);
  const metadata = await deps.apiRequests.metadata(ids);
  return jobs.map((job) => {
    const stored = metadata.get(job.id);
    const files = (results.get(job.id) ?? []).filter(({ preview }) => !preview);
    return jobView(
      job,
      {
        ...progressNow(deps, job),
        outputs: files.map((file) => outputOf(file, origin, deps.clock.now())),
        metadata: stored === undefined ? {} : parseMetadata(stored),
      },
      keepDays,
    );
  });
}
