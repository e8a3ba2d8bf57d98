import type { AttemptReader, Job } from '#src/ports/jobs.ts';

export type RejectionReader = { jobs: Pick<AttemptReader, 'newestSendings'> };

/** The endpoints that have rejected a job's graph. */
export async function rejectedBy({ jobs }: RejectionReader, job: Job): Promise<readonly string[]> {
  if (job.reason !== 'rejected_by_worker') return job.rejectedBy;
  const last = (await jobs.newestSendings([job.id])).get(job.id);
  return last ? [...new Set([...job.rejectedBy, last.endpointId])] : job.rejectedBy;
}
