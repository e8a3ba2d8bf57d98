import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiAssetFromHash } from '#src/domain/api-v2/schemas.ts';
import { readHash, writtenHash } from '#src/domain/files/content-hash.ts';
import type { Asset, ContentHasher } from '#src/ports/api-v2/assets.ts';
import type { Turns } from '#src/ports/auth.ts';
import { addAsset } from '#src/services/assets/add-asset.ts';
import { assetFromHash } from '#src/services/assets/asset-from-hash.ts';
import { findAsset } from '#src/services/assets/find-asset.ts';
import { findByHash } from '#src/services/assets/find-by-hash.ts';
import { removeAsset } from '#src/services/assets/remove-asset.ts';
import type { assetOperations } from './asset-operations.ts';
import type { ApiCall, ApiHandle } from './call.ts';
import { ApiError } from './errors.ts';
import { type Begin, type Idempotency, idempotencyKeyOf } from './idempotency.ts';
import { presentAsset } from './present-asset.ts';

type Added = Awaited<ReturnType<typeof addAsset>> & { readonly isRepeated: boolean };
type Arriving = {
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  readonly fields: Promise<ReadonlyMap<string, string>>;
};

export type ApiAssetDeps = Parameters<typeof assetFromHash>[0] &
  Parameters<typeof removeAsset>[0] & {
    contentHasher: Pick<ContentHasher, 'request'>;
    /** Uploads of one person: the others wait. */
    uploadTurns: Turns;
    receiveForm: (
      request: IncomingMessage,
      userId: string,
      field: string,
      take: (file: Arriving) => Promise<Added>,
    ) => Promise<Added>;
    /** The whole file, or the part that is asked for. */
    serveViewed: (request: IncomingMessage, response: ServerResponse, asset: Asset) => Promise<void>;
  };

const MAX_PATH = 1000;

function wantedHash(written: string): string {
  const blake3 = readHash(written);
  if (blake3 === null)
    throw new ApiError('invalid_request', 'A hash is written as “blake3:” and 64 hexadecimal digits.');
  return blake3;
}

function checkHash(expected: string | undefined, blake3: string): void {
  if (expected === undefined || wantedHash(expected) === blake3) return;
  throw new ApiError('hash_mismatch', 'The file that arrived has another hash than expected_hash. Send it again.', {
    details: { expected_hash: expected, actual_hash: writtenHash(blake3) },
  });
}

/** Files that programs send and get: a person's uploads and results. */
export function apiAssetRoutes(
  deps: ApiAssetDeps,
  once: Idempotency,
): Readonly<Record<keyof typeof assetOperations, ApiHandle>> {
  const shown = ({ origin }: ApiCall, asset: Asset) => presentAsset(asset, { origin, now: deps.clock.now() });
  const byHash = async (call: ApiCall, blake3: string | null): Promise<Asset> => {
    const asset = blake3 === null ? null : await findByHash(deps, call.actor, blake3);
    if (!asset) throw new ApiError('blob_not_found', 'You have no file with this hash. Upload it.');
    return asset;
  };

  /** `begin` null = the request is not repeated. What it asks for is known when all of it is here. */
  async function receive({ request, actor }: ApiCall, begin: Begin | null): Promise<Added> {
    let isRepeated = false;
    const take = async ({ name, arriving, fields: whole }: Arriving): Promise<Added> => {
      const added = await addAsset(deps, actor, {
        name,
        arriving,
        mayBeThere: begin !== null,
        async settle(blake3) {
          const fields = await whole;
          checkHash(fields.get('expected_hash'), blake3);
          const settled = fields.get('file_path')?.slice(-MAX_PATH) || name;
          if (!begin) return { name: settled };
          const begun = await begin({ asset: blake3, name, fields: [...fields].sort() });
          isRepeated = begun.isRepeated;
          return { name: settled, id: begun.id };
        },
      });
      return { ...added, isRepeated };
    };
    return deps.uploadTurns(actor.userId, () => deps.receiveForm(request, actor.userId, 'file', take));
  }

  return {
    async 'POST /api/v2/assets'(call) {
      const key = idempotencyKeyOf(call.request);
      const { input, isNew, isRepeated } =
        key === '' ? await receive(call, null) : await once(call.actor.userId, key, (begin) => receive(call, begin));
      if (isRepeated) call.response.setHeader('idempotency-replayed', 'true');
      call.say({ ...shown(call, { type: 'input', input }), created_new: isNew }, isNew ? 201 : 200);
    },

    async 'POST /api/v2/assets/from-hash'(call) {
      const { hash, file_path: name } = apiAssetFromHash.parse(await call.json());
      const made = await assetFromHash(deps, call.actor, { blake3: wantedHash(hash), name });
      if (!made) throw new ApiError('blob_not_found', 'You have no file with this hash. Upload it.');
      call.say({ ...shown(call, made.asset), created_new: false }, made.isNew ? 201 : 200);
    },

    async 'GET /api/v2/assets/by-hash/:hash'(call) {
      call.say(shown(call, await byHash(call, readHash(call.params.hash ?? ''))));
    },

    async 'GET /api/v2/assets/:id'(call) {
      const asset = await findAsset(deps, call.actor, call.params.id ?? '');
      deps.contentHasher.request([asset]);
      call.say(shown(call, asset));
    },

    async 'GET /api/v2/assets/:id/content'({ request, response, actor, params }) {
      await deps.serveViewed(request, response, await findAsset(deps, actor, params.id ?? ''));
    },

    async 'DELETE /api/v2/assets/:id'({ response, actor, params }) {
      await removeAsset(deps, actor, params.id ?? '');
      response.writeHead(204).end();
    },
  };
}
