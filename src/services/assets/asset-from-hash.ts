import { inputName, uploadType } from '#src/domain/files/inputs.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Asset, ContentHashes } from '#src/ports/assets.ts';
import { addKept } from '../inputs/add-input.ts';
import { addResult } from '../inputs/add-result.ts';

type Deps = Parameters<typeof addResult>[0] & { contentHashes: Pick<ContentHashes, 'find'> };

/**
 * An asset over content that the caller has already; null when they have none of this hash, whoever else has. A result becomes an upload, so that taking
 * the new asset away leaves the result; a result that no workflow can load is the asset itself.
 */
export async function assetFromHash(
  deps: Deps,
  actor: Actor,
  { blake3, name }: { readonly blake3: string; readonly name: string | undefined },
): Promise<{ asset: Asset; isNew: boolean } | null> {
  const found = await deps.contentHashes.find(actor.userId, blake3);
  if (!found) return null;
  if (found.type === 'result') {
    const { result } = found;
    if (!uploadType(result)) return { asset: found, isNew: false };
    return { asset: { type: 'input', input: await addResult(deps, actor, result.id, name) }, isNew: true };
  }
  const { id, userId, name: had, createdAt, usesKnown, ...file } = found.input;
  const extension = file.file.slice(file.file.lastIndexOf('.') + 1);
  if (name === undefined || inputName(name, extension) === had) return { asset: found, isNew: false };
  const input = await addKept(deps, actor, false, async () => ({
    kept: { ...file, extension },
    named: async () => ({ name }),
  }));
  return { asset: { type: 'input', input }, isNew: true };
}
