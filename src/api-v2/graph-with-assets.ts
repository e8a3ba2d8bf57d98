import { groupBy } from '#src/domain/group-by.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { type ResolveAssetsDeps, resolveAssets } from '#src/services/assets/resolve-assets.ts';
import { ApiError } from './errors.ts';

const MAX_NAMED = 5;

/** The workflow with the caller's own files in the place of its references. ApiError `missing_asset`, which names all that cannot be followed. */
export async function graphWithAssets(deps: ResolveAssetsDeps, actor: Actor, workflow: unknown): Promise<unknown> {
  const resolved = await resolveAssets(deps, actor, workflow);
  if (resolved.type === 'resolved') return resolved.prompt;
  const { missing } = resolved;
  const told = missing.slice(0, MAX_NAMED).map(({ nodeId, input, why }) => `Node ${nodeId}, ${input}: ${why}`);
  const more = missing.length > told.length ? [`And ${missing.length - told.length} more.`] : [];
  const byNode = [...groupBy(missing, ({ nodeId }) => nodeId)].map(([nodeId, own]) => [
    nodeId,
    own.map(({ input, id, why }) => ({ field: input, reason: 'missing_asset', message: why, asset_id: id })),
  ]);
  throw new ApiError('missing_asset', [...told, ...more].join(' '), {
    details: { node_errors: Object.fromEntries(byNode) },
  });
}
