import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Asset } from '#src/ports/api-v2/assets.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { ResultStore } from '#src/ports/results.ts';

export type FindAssetDeps = { inputs: Pick<InputStore, 'get'>; results: Pick<ResultStore, 'find'> };

/** An asset of the caller's. Previews are none, and what is in the trash is gone. Throws `not_found`, for others' too. */
export async function findAsset(deps: FindAssetDeps, { userId }: Actor, id: string): Promise<Asset> {
  const input = await deps.inputs.get(id);
  if (input?.userId === userId) return { type: 'input', input };
  const result = await deps.results.find(id);
  if (result?.userId === userId && result.removedAt === null && !result.preview) return { type: 'result', result };
  throw new AppError('not_found', `You have no asset ${id}.`);
}
