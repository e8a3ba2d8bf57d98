import type { Actor } from '#src/domain/users/user.ts';
import type { Asset, ContentHashes } from '#src/ports/api-v2/assets.ts';
import type { InputShare } from '#src/ports/inputs.ts';

export type FindByHashDeps = {
  contentHashes: Pick<ContentHashes, 'find'>;
  inputShare: Pick<InputShare, 'has'>;
};

/** What the caller has of this content. An upload whose file is lost is none, so that its sender sends it again. */
export async function findByHash(deps: FindByHashDeps, { userId }: Actor, blake3: string): Promise<Asset | null> {
  const asset = await deps.contentHashes.find(userId, blake3);
  if (asset?.type !== 'input') return asset;
  return (await deps.inputShare.has(asset.input.file)) ? asset : null;
}
