import { type ExtraData, fromStored } from '#src/domain/workflow/extra-data.ts';
import type { Sealer } from '#src/ports/auth.ts';
import type { JobReader } from '#src/ports/jobs.ts';

export type ExtraDataDeps = { jobs: Pick<JobReader, 'extraData'>; sealer: Pick<Sealer, 'open'> };

/** What the worker of this job is told beside the graph. `isWhole`: the server was not restarted since a key was sent along. */
export async function extraDataOf(
  { jobs, sealer }: ExtraDataDeps,
  jobId: string,
): Promise<{ readonly data: ExtraData; readonly isWhole: boolean }> {
  const stored = await jobs.extraData(jobId);
  return stored === null ? { data: {}, isWhole: true } : fromStored(stored, (sealed) => sealer.open(sealed, jobId));
}
