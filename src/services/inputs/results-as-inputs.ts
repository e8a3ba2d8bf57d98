import { AppError } from '#src/domain/errors.ts';
import type { FileInput } from '#src/domain/files/file-inputs.ts';
import { nameInJob, plainName } from '#src/domain/files/inputs.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Input } from '#src/ports/inputs.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { UserStore } from '#src/ports/users.ts';
import { addResult } from './add-result.ts';

/** Each may be copied to the share while somebody waits. */
const MAX_RESULTS = 20;

type Deps = Omit<Parameters<typeof addResult>[0], 'results'> & {
  results: Pick<ResultStore, 'find' | 'byPath'>;
  users: Pick<UserStore, 'find'>;
};

/** A graph may name the caller's own results (`name [output]`). Workers read no results, so these become uploads, by what the job is to call them. */
export async function resultsAsInputs(
  deps: Deps,
  actor: Actor,
  files: readonly FileInput[],
): Promise<ReadonlyMap<string, Input>> {
  const named = new Map(files.filter(({ folder }) => folder === 'output').map((file) => [nameInJob(file), file.name]));
  if (named.size > MAX_RESULTS)
    throw new AppError(
      'invalid_graph',
      `The workflow names ${named.size} results; at most ${MAX_RESULTS} can be loaded.`,
    );
  const inputs = new Map<string, Input>();
  const owner = named.size > 0 ? await deps.users.find(actor.userId) : null;
  for (const [key, name] of owner ? named : []) {
    const result = await deps.results.byPath(`${owner?.folder}/${plainName(name)}`);
    if (result?.userId === actor.userId && result.removedAt === null)
      inputs.set(key, await addResult(deps, actor, result.id));
  }
  return inputs;
}
