import { contentUrl } from '#src/domain/api-v2/job-view.ts';
import type { ApiAsset } from '#src/domain/api-v2/schemas.ts';
import { writtenHash } from '#src/domain/files/content-hash.ts';
import type { Asset } from '#src/ports/api-v2/assets.ts';

const DAY_MS = 86_400_000;

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

/** As the contract describes an asset. Its address works as long as the asset is there, for its owner; programs that go by the end ask for it again. */
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
    url_expires_at: new Date(now + DAY_MS).toISOString(),
    expires_at: null,
    job_id: jobId,
  };
}
