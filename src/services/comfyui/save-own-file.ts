import { ownPath } from '#src/domain/comfyui/own-files.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { OwnFile, OwnFileStore } from '#src/ports/comfyui/own-data.ts';
import type { Clock } from '#src/ports/random.ts';

export type OwnFileDeps = { ownFiles: OwnFileStore; clock: Clock };

/** Where a file of this name is; AppError `forbidden` for what leads outside, or what no file can have. */
export function placeOf(name: string): string {
  const path = ownPath(name);
  if (path === null)
    throw new AppError(
      'forbidden',
      'This name leads out of your own folder, is too long or has letters that no file can have. Choose another name.',
    );
  return path;
}

/** Keeps a file of the caller's ComfyUI. */
export async function saveOwnFile(
  deps: OwnFileDeps,
  { userId }: Actor,
  { name, content, overwrite }: { name: string; content: Uint8Array; overwrite: boolean },
): Promise<OwnFile> {
  const path = placeOf(name);
  if (path === '') throw new AppError('invalid_input', 'A file needs a name.');
  return deps.ownFiles.write({ userId, path, content, overwrite, now: deps.clock.now() });
}
