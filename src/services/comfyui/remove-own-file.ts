import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { type OwnFileDeps, placeOf } from './save-own-file.ts';

/** Deletes a file of the caller's ComfyUI. */
export async function removeOwnFile(
  deps: Pick<OwnFileDeps, 'ownFiles'>,
  { userId }: Actor,
  name: string,
): Promise<void> {
  if (!(await deps.ownFiles.remove(userId, placeOf(name))))
    throw new AppError('not_found', `“${name}” does not exist.`);
}
