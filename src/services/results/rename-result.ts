import { AppError } from '#src/domain/errors.ts';
import { toGivenName } from '#src/domain/files/result-name.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Result, ResultStore } from '#src/ports/results.ts';

type Deps = { results: Pick<ResultStore, 'find' | 'rename'> };

/** Gives a result of the actor's own another name, or with null the one that it came with. Its file stays where it is. */
export async function renameResult(deps: Deps, actor: Actor, resultId: string, typed: string | null): Promise<Result> {
  const missing = (): AppError => new AppError('not_found', 'Result not found.');
  const found = await deps.results.find(resultId);
  if (!found || found.userId !== actor.userId) throw missing();
  const original = found.path.slice(found.path.lastIndexOf('/') + 1);
  const given = typed === null || typed === original ? { name: null } : toGivenName(typed, found.path);
  if ('problem' in given) throw new AppError('invalid_input', given.problem);
  const givenName = given.name === original ? null : given.name;
  if (!(await deps.results.rename(actor.userId, resultId, givenName))) throw missing();
  return { ...found, givenName };
}
