import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeLeftChecks } from '#src/adapters/files/disks/disk.ts';
import { noRoom } from '#src/adapters/files/file-errors.ts';
import { ConfigError } from '#src/env.ts';

/** Step by step: Node's own recursive mkdir never returns below /proc, where a folder that is there says that it is not. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path || (await isThere(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Makes a folder that is ours, proves that it can be written to, and removes what checks of killed processes left there. */
export async function ownFolder(path: string, variable: string): Promise<void> {
  try {
    await makeFolder(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    await removeLeftChecks(path);
  } catch (error) {
    if (codeOf(error) === 'ENOSPC') throw noRoom(path, error);
    throw new ConfigError(
      `The folder ${path} cannot be written to (${codeOf(error)}). Set ${variable} to a writable one.`,
    );
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
