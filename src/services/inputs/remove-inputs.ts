import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { inputs: Pick<InputStore, 'remove'>; clock: Clock };

/**
 * Takes uploads of the caller's away. Their names are free at once; a file goes a day later, when nobody else has it. Jobs that were submitted before keep
 * theirs.
 */
export async function removeInputs(deps: Deps, { userId }: Actor, ids: readonly string[]): Promise<number> {
  const removed = await deps.inputs.remove(userId, ids, deps.clock.now());
  if (removed === 0) throw new AppError('not_found', 'Upload not found.');
  return removed;
}
