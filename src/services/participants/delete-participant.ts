import { AppError } from '#src/domain/errors.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AttemptReader, JobMoves, JobReader } from '#src/ports/jobs.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { deleteRemoved } from '../results/delete-removed.ts';

type Deps = Parameters<typeof deleteRemoved>[0] & {
  users: UserStore;
  jobs: JobReader & AttemptReader & JobMoves;
  results: ResultStore;
  stopAttempt: StopAttempt;
};

async function cancelAll(deps: Deps, userId: string): Promise<void> {
  const alive = { userId, statuses: ALIVE, limit: 100, cursor: null };
  for (let { items } = await deps.jobs.list(alive); items.length > 0; { items } = await deps.jobs.list(alive)) {
    for (const { id } of items) await deps.jobs.cancel({ jobId: id, now: deps.clock.now() });
    const attempts = await deps.jobs.newestAttempts(items.map(({ id }) => id));
    for (const attempt of attempts.values()) deps.stopAttempt(attempt);
  }
}

/**
 * Closes the account: out at once, jobs cancelled, the name free. Files are kept, or with `withWork` deleted with every row of the account. Broken off
 * anywhere, it can be done again. What they uploaded as an input stays on the share: others may have uploaded the same file.
 */
export async function deleteParticipant(
  deps: Deps,
  actor: Actor,
  input: { id: string; withWork: boolean },
): Promise<void> {
  if (input.id === actor.userId) throw new AppError('conflict', 'You cannot delete yourself.');
  const user = await deps.users.find(input.id);
  if (!user || (user.leftAt !== null && !input.withWork)) throw new AppError('not_found', 'Participant not found.');
  if (user.leftAt === null) await deps.users.leave(user.id, deps.clock.now());
  await cancelAll(deps, user.id);
  if (!input.withWork) return;
  while ((await deps.results.purge(user.id)) > 0 && (await deleteRemoved(deps)) > 0);
  const left = await deps.results.purge(user.id);
  if (left > 0)
    throw new AppError(
      'conflict',
      `${left} ${left === 1 ? 'file' : 'files'} of ${user.name} could not be deleted; see the server log. The account is disabled. Fix the cause, then delete it again under "Left the class".`,
    );
  await deps.users.remove(user.id);
}
