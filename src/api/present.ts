import { isFinal } from '#src/domain/job.ts';
import { phaseOf } from '#src/domain/phase.ts';
import type { Attempt, Job } from '#src/ports/jobs.ts';
import type { Result } from '#src/ports/results.ts';
import type { ApiDeps } from './trpc.ts';
import type { JobView, ResultView } from './views.ts';

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

export function presentResult(result: Result): ResultView {
  const { id, jobId, nodeId, kind, mime, bytes, sha256, width, height, duration, codecs, path } = result;
  const filename = path.slice(path.indexOf('/') + 1);
  const name = filename.slice(filename.lastIndexOf('/') + 1);
  const hasThumb = kind === 'image' || kind === 'video';
  return {
    id,
    jobId,
    nodeId,
    filename,
    kind,
    mime,
    bytes,
    sha256,
    width,
    height,
    duration,
    codecs,
    url: `/files/${id}/${encodeURIComponent(name)}`,
    thumbUrl: hasThumb ? `/files/${id}/thumb` : null,
    createdAt: iso(result.deliveredAt),
    title: result.title,
    model: result.model,
    seed: result.seed,
    favourite: result.favourite,
    rating: result.rating,
    rejected: result.rejected,
    onWall: result.wallAt !== null,
    removedAt: isoOrNull(result.removedAt),
  };
}

function presentJob(
  job: Job,
  attempt: Attempt | undefined,
  results: ResultView[],
  position: number | null,
  now: number,
): JobView {
  const { phase, since } = phaseOf({ ...job, attempt: attempt ?? null }, now);
  return {
    id: job.id,
    title: job.title,
    status: job.status,
    phase,
    phaseSince: iso(since),
    reason: job.reason,
    message: job.message,
    nodeErrors: job.nodeErrors,
    position: job.status === 'queued' ? position : null,
    createdAt: iso(job.createdAt),
    startedAt: isoOrNull(job.startedAt),
    endedAt: isoOrNull(job.endedAt),
    attempts: job.attemptCount,
    results,
  };
}

/** Jobs as their owner sees them, with phase, place in line and results. */
export async function presentJobs(deps: ApiDeps, jobs: readonly Job[]): Promise<JobView[]> {
  const alive = jobs.filter(({ status }) => !isFinal(status)).map(({ id }) => id);
  const [attempts, results] = await Promise.all([
    deps.jobs.newestAttempts(alive),
    deps.results.ofJobs(jobs.map(({ id }) => id)),
  ]);
  const byJob = new Map<string, ResultView[]>();
  for (const result of results) byJob.set(result.jobId, [...(byJob.get(result.jobId) ?? []), presentResult(result)]);
  const now = deps.clock.now();
  return jobs.map((job) =>
    presentJob(job, attempts.get(job.id), byJob.get(job.id) ?? [], deps.positions.of(job.id), now),
  );
}
