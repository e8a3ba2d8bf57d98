import { apiAsset, apiAssetFromHash, apiAssetUpload, apiNewAsset } from '#src/domain/api-v2/schemas.ts';
import type { ApiOperations } from './operations.ts';

const UPLOAD = {
  mediaType: 'multipart/form-data',
  schema: apiAssetUpload,
};

export const assetOperations = {
  'POST /api/v2/assets': {
    id: 'postAssets',
    summary:
      'Uploads a picture, film or sound that workflows can load. The file is streamed. The same content and path is the same asset. A request with the same Idempotency-Key and the same content within 24 hours is answered as the first was, with “Idempotency-Replayed: true”.',
    body: UPLOAD,
    takesIdempotencyKey: true,
    answers: {
      201: { description: 'The asset; you did not have its content before.', content: apiNewAsset },
      200: { description: 'The asset; you had its content already.', content: apiNewAsset },
    },
    errors: [
      'invalid_request',
      'hash_mismatch',
      'idempotency_key_reuse',
      'idempotency_conflict',
      'too_large',
      'unavailable',
    ],
  },
  'POST /api/v2/assets/from-hash': {
    id: 'assetFromHash',
    summary: 'Makes an asset of content that you have, without an upload.',
    body: apiAssetFromHash,
    answers: {
      201: { description: 'The new asset.', content: apiNewAsset },
      200: { description: 'The asset that you have.', content: apiNewAsset },
    },
    errors: ['invalid_request', 'blob_not_found'],
  },
  'GET /api/v2/assets/by-hash/:hash': {
    id: 'headAssetByHash',
    summary: 'What you have with this hash, `blake3:<hex>`. HEAD asks whether there is anything.',
    answers: { 200: { description: 'An asset.', content: apiAsset } },
    errors: ['blob_not_found'],
  },
  'GET /api/v2/assets/:id': {
    id: 'getAsset',
    summary: 'An upload or a result of yours. Previews are no assets.',
    answers: { 200: { description: 'The asset.', content: apiAsset } },
    errors: ['not_found'],
  },
  'GET /api/v2/assets/:id/content': {
    id: 'getAssetContent',
    summary: 'The bytes of an asset, or with `Range` a part of them.',
    answers: {
      200: { description: 'All of it.', content: 'application/octet-stream' },
      206: { description: 'The part.', content: 'application/octet-stream' },
      416: { description: 'There is no such part.' },
    },
    errors: ['not_found'],
  },
  'DELETE /api/v2/assets/:id': {
    id: 'deleteAsset',
    summary: 'Removes an upload. A result goes to the trash. Jobs that were sent before keep their files.',
    answers: { 204: { description: 'It is gone.' } },
    errors: ['not_found'],
  },
} as const satisfies ApiOperations;
