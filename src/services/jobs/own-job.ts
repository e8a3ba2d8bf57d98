import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Job, JobReader } from '#src/ports/jobs.ts';

/** The job, if the actor may see it. Somebody else's is "not found", as one that never was. */
export async function ownJob(jobs: Pick<JobReader, 'find'>, actor: Actor, jobId: string): Promise<Job> {
  const job = await jobs.find(jobId);
  if (!job || (job.userId !== actor.userId && actor.role !== 'operator'))
    throw new AppError('not_found', 'Job not found.');
  return job;
}
