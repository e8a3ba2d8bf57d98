import { inputName, uploadType } from '#src/domain/files/inputs.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Asset } from '#src/ports/api-v2/assets.ts';
import { addKept } from '../inputs/add-input.ts';
import { addResult } from '../inputs/add-result.ts';
import { type FindByHashDeps, findByHash } from './find-by-hash.ts';

type Deps = Parameters<typeof addResult>[0] & FindByHashDeps;
type Asked = { readonly blake3: string; readonly name: string | undefined };

/**
 * An asset over content that the caller has already; null when they have none of this hash, whoever else has. A result becomes an upload, so that taking
 * the new asset away leaves the result; a result that no workflow can load is the asset itself.
 */
export async function assetFromHash(
  deps: Deps,
  actor: Actor,
  { blake3, name }: Asked,
): Promise<{ asset: Asset; isNew: boolean } | null> {
  const found = await findByHash(deps, actor, blake3);
  if (!found) return null;
  if (found.type === 'result') {
    const { result } = found;
    if (!uploadType(result)) return { asset: found, isNew: false };
    return { asset: { type: 'input', input: await addResult(deps, actor, result.id, name) }, isNew: true };
  }
  if (name === undefined) return { asset: found, isNew: false };
  const { file, sha256, bytes, kind, mime } = found.input;
  const extension = file.slice(file.lastIndexOf('.') + 1);
  const wanted = inputName(name, extension);
  const same = (await deps.inputs.find(actor.userId, [file])).find((input) => input.name === wanted);
  if (same) return { asset: { type: 'input', input: same }, isNew: false };
  const kept = { file, extension, sha256, blake3, bytes, kind, mime };
  const input = await addKept(deps, actor, false, async () => ({ kept, named: async () => ({ name }) }));
  return { asset: { type: 'input', input }, isNew: true };
}
