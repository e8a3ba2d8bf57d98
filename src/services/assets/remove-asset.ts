import type { Actor } from '#src/domain/users/user.ts';
import type { ResultStore } from '#src/ports/results.ts';
import { removeInputs } from '../inputs/remove-inputs.ts';
import { type FindAssetDeps, findAsset } from './find-asset.ts';

type Deps = FindAssetDeps & Parameters<typeof removeInputs>[0] & { results: Pick<ResultStore, 'find' | 'trash'> };

/** An upload is taken away; a result goes to the trash, from which its owner can restore it for a day. */
export async function removeAsset(deps: Deps, actor: Actor, id: string): Promise<void> {
  const asset = await findAsset(deps, actor, id);
  if (asset.type === 'input') await removeInputs(deps, actor, [id]);
  else await deps.results.trash(actor.userId, [id], deps.clock.now());
}
