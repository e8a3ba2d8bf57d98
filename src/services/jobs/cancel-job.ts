import { cancelledSentence } from '#src/domain/endpoints/worker-version.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AttemptReader, Job, JobMoves, JobReader } from '#src/ports/jobs.ts';
import type { Clock } from '#src/ports/random.ts';
import type { StopAttempt, WorkerVersions } from '#src/ports/worker.ts';
import { ownJob } from './own-job.ts';

/** Ends a job that is alive. An attempt on a GPU is told to stop; nobody waits for that. */
export async function cancelJob(
  deps: {
    jobs: JobReader & AttemptReader & JobMoves;
    stopAttempt: StopAttempt;
    workerVersions: WorkerVersions;
    clock: Clock;
  },
  actor: Actor,
  jobId: string,
): Promise<Job> {
  const job = await ownJob(deps.jobs, actor, jobId);
  const running = job.status === 'running' ? (await deps.jobs.newestAttempts([jobId])).get(jobId) : undefined;
  const message = cancelledSentence(running ? deps.workerVersions.versionOf(running.endpointId) : null);
  if (!(await deps.jobs.cancel({ jobId, message, now: deps.clock.now() })))
    throw new AppError('conflict', 'This job has already ended.');
  // Looked for after the end, or one that was sent just before it would go on; and one that was given up may be running still.
  const attempt = (await deps.jobs.newestAttempts([jobId])).get(jobId);
  if (attempt) deps.stopAttempt(attempt);
  return ownJob(deps.jobs, actor, jobId);
}
