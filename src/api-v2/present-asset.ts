import { writtenHash } from '#src/domain/files/content-hash.ts';
import type { Asset } from '#src/ports/api-v2/assets.ts';

/** Where the bytes of an asset are. The address does not expire: whoever asks has to be its owner. */
export const contentUrl = (origin: string, id: string): string => `${origin}/api/v2/assets/${id}/content`;

const DAY_MS = 86_400_000;
/** Programs that go by this ask for the asset again. */
export const urlExpiresAt = (now: number): string => new Date(now + DAY_MS).toISOString();

export const presentHash = ({ blake3 }: { readonly blake3: string | null }): string | null =>
  blake3 === null ? null : writtenHash(blake3);

function factsOf(asset: Asset) {
  switch (asset.type) {
    case 'input': {
      const { name, createdAt, ...file } = asset.input;
      return { ...file, path: name, at: createdAt, jobId: null };
    }
    case 'result': {
      const { path, deliveredAt, ...file } = asset.result;
      // Without its owner's folder.
      return { ...file, path: path.slice(path.indexOf('/') + 1), at: deliveredAt };
    }
  }
}

/** As the contract describes an asset. */
export function presentAsset(asset: Asset, { origin, now }: { readonly origin: string; readonly now: number }) {
  const facts = factsOf(asset);
  return {
    id: facts.id,
    hash: presentHash(facts),
    size_bytes: facts.bytes,
    content_type: facts.mime,
    file_path: facts.path,
    created_at: new Date(facts.at).toISOString(),
    url: contentUrl(origin, facts.id),
    url_expires_at: urlExpiresAt(now),
    expires_at: null,
    job_id: facts.jobId,
  };
}
