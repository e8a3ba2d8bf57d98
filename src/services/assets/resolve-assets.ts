import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { type AssetReference, assetReferences, withAssets } from '#src/domain/files/asset-references.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Input } from '#src/ports/inputs.ts';
import { addResult } from '../inputs/add-result.ts';
import { nextTurn } from '../next-turn.ts';
import { type FindAssetDeps, findAsset } from './find-asset.ts';

/** Each may be copied to the share while somebody waits. */
const MAX_RESULTS = 20;

export type ResolveAssetsDeps = FindAssetDeps & Parameters<typeof addResult>[0];

export type MissingAsset = AssetReference & { readonly why: string };
export type ResolvedAssets =
  | { readonly type: 'resolved'; readonly prompt: unknown }
  | { readonly type: 'missing'; readonly missing: readonly MissingAsset[] };

/**
 * Puts the names of the caller's uploads where a graph refers to assets. Results become uploads first: workers read no results. All references that
 * cannot be followed are reported together.
 */
export async function resolveAssets(deps: ResolveAssetsDeps, actor: Actor, prompt: unknown): Promise<ResolvedAssets> {
  const references = assetReferences(prompt);
  const uploads = new Map<string, Input>();
  const faults = new Map<string | null, string>();
  let results = 0;

  async function uploadOf(id: string): Promise<Input> {
    const asset = await findAsset(deps, actor, id);
    if (asset.type === 'input') return asset.input;
    results += 1;
    if (results > MAX_RESULTS)
      throw new AppError('invalid_input', `At most ${MAX_RESULTS} results can be loaded by one workflow.`);
    return addResult(deps, actor, id);
  }

  for (const id of new Set(references.map((reference) => reference.id))) {
    if (id === null) {
      faults.set(id, 'This reference has no info.id.');
      continue;
    }
    // The database answers without a pause: a thousand references in one go would hold up everybody (measured: 2.7 s).
    await nextTurn();
    try {
      uploads.set(id, await uploadOf(id));
    } catch (error) {
      const refused = appErrorIn(error);
      if (refused?.code !== 'not_found' && refused?.code !== 'invalid_input') throw error;
      faults.set(id, refused.message);
    }
  }
  const missing = references.flatMap((reference): MissingAsset[] => {
    const why = faults.get(reference.id);
    return why === undefined ? [] : [{ ...reference, why }];
  });
  return missing.length > 0 ? { type: 'missing', missing } : { type: 'resolved', prompt: withAssets(prompt, uploads) };
}
