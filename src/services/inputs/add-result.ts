import { AppError } from '#src/domain/errors.ts';
import { inputNameOfResult } from '#src/domain/files/input-name-of-result.ts';
import { uploadType } from '#src/domain/files/inputs.ts';
import { fileSize } from '#src/domain/measures.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Input } from '#src/ports/inputs.ts';
import type { ResultStore } from '#src/ports/results.ts';
import { type AddInputDeps, addKept } from './add-input.ts';

type Deps = AddInputDeps & { results: Pick<ResultStore, 'find'>; gallery: Pick<Gallery, 'read'> };

/** Makes a result of the caller's one of their uploads, under this name or its own. Its bytes go straight to the share, or are there already. */
export async function addResult(deps: Deps, actor: Actor, resultId: string, asked?: string): Promise<Input> {
  const result = await deps.results.find(resultId);
  if (!result || result.userId !== actor.userId) throw new AppError('not_found', 'Result not found.');
  const name = asked ?? inputNameOfResult(result.path);
  const type = uploadType(result);
  if (!type) throw new AppError('invalid_input', `“${name}” is not a picture, film or sound that a workflow can load.`);
  const { sha256, blake3, bytes } = result;
  const file = `${sha256}.${type.extension}`;
  const named = async () => ({ name });
  return addKept(deps, actor, false, async (limit) => {
    if (bytes > limit)
      throw new AppError('too_large', `“${name}” is too large: a file may have at most ${fileSize(limit)}.`);
    if (!result.unfinished && (await deps.inputShare.has(file)))
      return { kept: { file, sha256, blake3, bytes, ...type }, named };
    return { kept: await deps.inputShare.keep(deps.gallery.read(result.path), { name, limit }), named };
  });
}
