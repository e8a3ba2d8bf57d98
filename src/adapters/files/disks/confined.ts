import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#src/domain/errors.ts';
import { isMissing, systemCode } from '../file-errors.ts';

/** The absolute path of something below `root`; a path that could lead out of it is refused. */
export const pathInside = (root: string, relative: string): string => join(root, plainPath(relative));

export function plainPath(relative: string): string {
  const isPlain = relative.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain || relative.includes('\0')) {
    throw new AppError('invalid_input', `"${relative}" is not a path inside the folder it belongs to.`);
  }
  return relative;
}

/** Whether no part of `relative` is a link. Throws what the system says when it is not there. */
export async function isLinkFree(root: string, relative: string): Promise<boolean> {
  const realRoot = await realpath(root);
  const real = await realpath(pathInside(root, relative));
  return real === join(realRoot, relative);
}

/** Opens a regular file for reading, following no link below `root`. */
export async function openInside(root: string, relative: string): Promise<FileHandle | 'missing' | 'not a file'> {
  const path = pathInside(root, relative);
  const folder = dirname(relative);
  let handle: FileHandle;
  try {
    if (folder !== '.' && !(await isLinkFree(root, folder))) return 'not a file';
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return 'missing';
    if (systemCode(error) === 'ELOOP' || systemCode(error) === 'ENXIO') return 'not a file';
    throw error;
  }
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return 'not a file';
}
