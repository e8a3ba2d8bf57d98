import { randomUUID } from 'node:crypto';
import { lstat, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DiskFacts } from '#src/domain/health/disk-report.ts';
import { ifThere, isMissing, systemCode } from '../file-errors.ts';

/** Null where the file system does not tell, as some FUSE ones do not. */
export async function roomAt(dir: string): Promise<{ free: number | null; total: number | null }> {
  const { bavail, blocks, bsize } = await statfs(dir);
  return blocks === 0 ? { free: null, total: null } : { free: bavail * bsize, total: blocks * bsize };
}
export const freeBytes = async (dir: string): Promise<number | null> => (await roomAt(dir)).free;

const CHECK = '.comfyume-check-';
/** Checks take seconds. */
const LEFT_MS = 3_600_000;

/** Removes what checks of killed processes have left in `dir`. Other processes may be checking just now. */
export async function removeLeftChecks(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(CHECK)) continue;
    const found = await ifThere(lstat(join(dir, name)));
    if (found && found.mtimeMs < Date.now() - LEFT_MS) await rm(join(dir, name), { recursive: true, force: true });
  }
}

/** Proves by trying that a file can be written in `dir`: permissions alone do not tell of a disk that fails. */
export async function tryWriting(dir: string): Promise<void> {
  const file = join(dir, `${CHECK}${randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile('Can be removed.\n');
    } finally {
      await handle.close();
    }
  } finally {
    await rm(file, { force: true });
  }
}

/** `dir` itself, or the nearest folder above it that is there. */
async function placeOf(dir: string): Promise<string> {
  for (let place = resolve(dir); ; place = dirname(place)) {
    try {
      await stat(place);
      return place;
    } catch (error) {
      if (!isMissing(error) || place === dirname(place)) throw error;
    }
  }
}

export async function readDisk(dir: string): Promise<DiskFacts> {
  const place = await placeOf(dir);
  const isThere = place === resolve(dir);
  const refused = await tryWriting(place).then(
    () => null,
    (error: unknown) => systemCode(error) ?? String(error),
  );
  return { free: await freeBytes(place), isThere, refused };
}
