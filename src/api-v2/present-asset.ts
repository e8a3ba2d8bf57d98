import { contentUrl, urlExpiryOf } from '#src/domain/api-v2/job-view.ts';
import type { ApiAsset } from '#src/domain/api-v2/schemas.ts';
import { writtenHash } from '#src/domain/files/content-hash.ts';
import type { Asset } from '#src/ports/api-v2/assets.ts';

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
export function presentAsset(
  asset: Asset,
  { origin, now }: { readonly origin: string; readonly now: number },
): ApiAsset {
  const { id, blake3, bytes, mime, path, at, jobId } = factsOf(asset);
  return {
    id,
    hash: blake3 && writtenHash(blake3),
    size_bytes: bytes,
    content_type: mime,
    file_path: path,
    created_at: new Date(at).toISOString(),
    url: contentUrl(origin, id),
    url_expires_at: urlExpiryOf(now),
    expires_at: null,
    job_id: jobId,
  };
}
