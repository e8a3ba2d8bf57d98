import { AppError } from '#src/domain/errors.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { JobReader } from '#src/ports/jobs.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { inputs: Pick<InputStore, 'owned' | 'remove'>; jobs: Pick<JobReader, 'list'>; clock: Clock };

/** Takes uploads of the caller's away. Their names are free at once; a file goes a day later, when nobody else has it. */
export async function removeInputs(deps: Deps, { userId }: Actor, ids: readonly string[]): Promise<number> {
  if ((await deps.inputs.owned(userId, ids)) === 0) throw new AppError('not_found', 'Upload not found.');
  const { items } = await deps.jobs.list({ userId, statuses: ALIVE, limit: 1, cursor: null });
  if (items.length > 0)
    throw new AppError(
      'conflict',
      'You have queued or running jobs that may need these files. Try again when they are done.',
    );
  return deps.inputs.remove(userId, ids, deps.clock.now());
}
