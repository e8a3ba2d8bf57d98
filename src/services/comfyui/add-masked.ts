import { AppError } from '#src/domain/errors.ts';
import { fileSize } from '#src/domain/measures.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { ViewedPictures } from '#src/ports/comfyui/viewed.ts';
import type { Input } from '#src/ports/inputs.ts';
import type { AddInputDeps } from '../inputs/add-input.ts';
import { addUpload, type ComfyUpload } from './add-upload.ts';
import { type FileRef, type FindViewedDeps, findViewed } from './find-viewed.ts';

/** Held in memory whole. */
const MAX_MASK_BYTES = 64_000_000;

type Deps = AddInputDeps & FindViewedDeps & { viewedPictures: Pick<ViewedPictures, 'mask'> };

async function whole(arriving: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of arriving) {
    bytes += piece.length;
    if (bytes > MAX_MASK_BYTES) throw new AppError('too_large', `A mask may have at most ${fileSize(MAX_MASK_BYTES)}.`);
    pieces.push(piece);
  }
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Makes an upload of the caller's of a picture that they can see, with the transparency of the one that arrives: what the mask editor saves. */
export async function addMasked(
  deps: Deps,
  actor: Actor,
  { original, ...upload }: ComfyUpload & { original(): Promise<FileRef> },
): Promise<Input> {
  async function* masked(): AsyncGenerator<Uint8Array> {
    const mask = await whole(upload.arriving);
    const ref = await original();
    const viewed = await findViewed(deps, actor, ref);
    if (!viewed)
      throw new AppError('not_found', `The picture “${ref.filename}”, which the mask is for, does not exist.`);
    yield await deps.viewedPictures.mask(viewed, mask);
  }
  return addUpload(deps, actor, { ...upload, arriving: masked() });
}
