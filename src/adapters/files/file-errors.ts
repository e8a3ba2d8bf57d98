import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';

const systemError = z.object({ code: z.string() });

/** `ENOENT` and the like; null for errors that are not the system's. */
export function systemCode(error: unknown): string | null {
  const parsed = systemError.safeParse(error);
  return parsed.success ? parsed.data.code : null;
}

export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');

/** Null where there is nothing. */
export const ifThere = <T>(looking: Promise<T>): Promise<T | null> =>
  looking.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });

export function shareError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = systemCode(error) ?? 'unknown error';
  return new AppError(
    'share_unavailable',
    `The shared file system cannot be read at "${path}" (${code}). Check that it is mounted and responds.`,
    { cause: error },
  );
}

export const noRoom = (path: string, cause?: unknown): AppError =>
  new AppError('storage_full', `No disk space left to store "${path}". Free up space, then try again.`, { cause });

export function storageError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = systemCode(error) ?? 'unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return noRoom(path, error);
  }
  return new AppError('internal', `"${path}" cannot be stored (${code}). Check the folder and its permissions.`, {
    cause: error,
  });
}
