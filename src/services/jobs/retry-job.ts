import { AppError } from '#src/domain/errors.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Job } from '#src/ports/jobs.ts';
import { makeVersions } from './make-versions.ts';
import { ownJob } from './own-job.ts';
import type { RejectionReader } from './rejected-by.ts';
import type { SubmitDeps } from './submit-job.ts';

/** A new job with the graph of one that has ended. */
export async function retryJob(
  deps: SubmitDeps & RejectionReader,
  actor: Actor,
  input: { id: string; newSeed: boolean },
): Promise<Job> {
  const job = await ownJob(deps.jobs, actor, input.id);
  if (!isFinal(job.status)) throw new AppError('conflict', 'This job has not ended yet.');
  const [made] = await makeVersions(deps, actor, { id: job.id, changes: [], newSeeds: input.newSeed, count: 1 });
  if (!made) throw new AppError('not_found', 'Job not found.');
  return made;
}
