import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { OwnFile } from '#src/ports/comfyui/own-data.ts';
import { type OwnFileDeps, placeOf } from './save-own-file.ts';

/** Gives a file of the caller's ComfyUI another name, in any folder. */
export async function moveOwnFile(
  deps: Pick<OwnFileDeps, 'ownFiles'>,
  { userId }: Actor,
  { name, to, overwrite }: { name: string; to: string; overwrite: boolean },
): Promise<OwnFile> {
  const [path, place] = [placeOf(name), placeOf(to)];
  if (place === '') throw new AppError('invalid_input', 'A file needs a name.');
  const moved = await deps.ownFiles.move({ userId, path, to: place, overwrite });
  if (!moved) throw new AppError('not_found', `“${name}” does not exist.`);
  return moved;
}
