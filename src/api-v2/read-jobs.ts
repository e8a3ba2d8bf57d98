import { apiStatusOf, jobView, outputOf, progressOf } from '#src/domain/api-v2/job-view.ts';
import type { ApiJob, ApiOutput } from '#src/domain/api-v2/schemas.ts';
import { parseMetadata } from '#src/domain/api-v2/submission.ts';
import type { Shown } from '#src/domain/api-v2/tell.ts';
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

/** By job, its files that are here. */
async function outputsOf(deps: ReadJobs, ids: readonly string[], origin: string): Promise<(id: string) => ApiOutput[]> {
  const now = deps.clock.now();
  const files = (await deps.results.ofJobs(ids)).filter(({ preview }) => !preview);
  const byJob = groupBy(files, ({ jobId }) => jobId);
  return (id) => (byJob.get(id) ?? []).map((file) => outputOf(file, origin, now));
}

/** What a stream tells of a job. */
export async function shownOf(deps: ReadJobs, job: Job, origin: string): Promise<Shown> {
  const outputs = await outputsOf(deps, [job.id], origin);
  return { status: apiStatusOf(job.status), ...progressNow(deps, job), outputs: outputs(job.id) };
}

export async function viewsOf(deps: ReadJobs, jobs: readonly Job[], origin: string): Promise<ApiJob[]> {
  const ids = jobs.map(({ id }) => id);
  const { keepDays } = await deps.settings.read();
  const outputs = await outputsOf(deps, ids, origin);
  const metadata = await deps.apiRequests.metadata(ids);
  return jobs.map((job) => {
    const stored = metadata.get(job.id);
    return jobView(
      job,
      {
        ...progressNow(deps, job),
        outputs: outputs(job.id),
        metadata: stored === undefined ? {} : parseMetadata(stored),
      },
      keepDays,
    );
  });
}
