import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#src/domain/errors.ts';
import {
  type BackedUpFile,
  backupName,
  isBackupName,
  type Manifest,
  manifest,
  pooledAs,
} from '#src/domain/files/backup.ts';
import type { Backup, BackupStore } from '#src/ports/files/backup.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';
import { syncFolder } from '../disks/sync-folder.ts';
import { ifThere, isMissing, storageError, systemCode } from '../file-errors.ts';
import type { BoundedCalls } from '../share/bounded-share.ts';
import { copyOpened, copyUnchanged } from './copy.ts';

const MANIFEST = 'backup.json';
const DATABASE = 'comfyume.db';
/** Folders of backups that are being made; one that a killed process has left is removed a day later. */
const MAKING = '.making-';
const LEFT_MS = 86_400_000;

/** What is backed up: the participants' files, and uploads on the share. */
type Sources = { readonly results: FileStore; readonly inputsDir: string };

const summary = (name: string, { madeAt, files, missing }: Manifest): Backup => ({
  name,
  madeAt: Date.parse(madeAt),
  files: files.length,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  missing: missing.length,
});

async function bytesAt(path: string): Promise<number | null> {
  const found = await ifThere(lstat(path));
  return found?.isFile() ? found.size : null;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a backup says of itself. */
export async function readBackup(folder: string): Promise<Manifest> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch (error) {
    throw new AppError('invalid_input', `${folder} is not a comfyume backup: its ${MANIFEST} cannot be read.`, {
      cause: error,
    });
  }
}

/** Copies one file of a backup to `target`. False where the backup has it no more, or damaged. */
export async function takeOut(
  backups: string,
  { sha256, bytes }: BackedUpFile,
  target: string,
  bounded: BoundedCalls,
): Promise<boolean> {
  const path = pooledAs(sha256);
  const found = await ifThere(lstat(join(backups, path)));
  if (found === null || found.size !== bytes) return false;
  if ((await copyUnchanged({ root: backups, path, bytes, mtimeMs: found.mtimeMs }, target, bounded)) === sha256)
    return true;
  await rm(target);
  return false;
}

export const databaseOf = (folder: string): string => join(folder, DATABASE);

/** `<dir>/<time>/` for each backup, and `<dir>/files/` with what they hold, each content once. */
export function createBackupStore(dir: string, { results, inputsDir }: Sources, bounded: BoundedCalls): BackupStore {
  const names = async (): Promise<string[]> => ((await ifThere(readdir(dir))) ?? []).filter(isBackupName);

  async function copyInput({ path, bytes }: BackedUpFile, target: string): Promise<string | null> {
    const { size, mtimeMs } = await lstat(join(inputsDir, path));
    if (size !== bytes) return null;
    return copyUnchanged({ root: inputsDir, path, bytes, mtimeMs }, target, bounded);
  }

  async function copyResult({ path, bytes }: BackedUpFile, target: string): Promise<string | null> {
    const opened = await results.open(path);
    if (!opened) return null;
    try {
      return opened.bytes === bytes ? await copyOpened(opened, target) : null;
    } finally {
      await opened.close();
    }
  }

  /** False where the file does not exist, or not the one that the database knows. */
  async function pool(file: BackedUpFile): Promise<boolean> {
    const target = join(dir, pooledAs(file.sha256));
    const part = `${target}.${randomUUID()}.part`;
    if ((await bytesAt(target)) === file.bytes) return true;
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const got = await (file.root === 'inputs' ? copyInput : copyResult)(file, part);
      if (got !== file.sha256) return false;
      await rename(part, target);
      return true;
    } catch (error) {
      if (isMissing(error) || (error instanceof AppError && error.code === 'file_changed')) return false;
      throw error;
    } finally {
      await rm(part, { force: true });
    }
  }

  /** Whether another process makes a backup, or has made one that is not `known`: it may hold files that no known one does. */
  async function hasOther(known: readonly string[]): Promise<boolean> {
    for (const name of (await ifThere(readdir(dir))) ?? []) {
      if (isBackupName(name) && !known.includes(name)) return true;
      if (!name.startsWith(MAKING)) continue;
      const found = await ifThere(lstat(join(dir, name)));
      if (found && found.mtimeMs > Date.now() - LEFT_MS) return true;
      await rm(join(dir, name), { recursive: true, force: true });
    }
    return false;
  }

  return {
    async list() {
      const found = await Promise.all(
        (await names()).map(async (name) => summary(name, await readBackup(join(dir, name)))),
      );
      return found.sort((a, b) => b.madeAt - a.madeAt);
    },

    async make({ now, version }, snapshots) {
      const name = backupName(now);
      const making = join(dir, `${MAKING}${name}-${randomUUID()}`);
      try {
        await mkdir(making, { recursive: true, mode: 0o700 });
        await snapshots.write(join(making, DATABASE));
        const wanted = await snapshots.files();
        const files: BackedUpFile[] = [];
        const missing: BackedUpFile[] = [];
        for (const file of wanted) ((await pool(file)) ? files : missing).push(file);
        const made: Manifest = { madeAt: new Date(now).toISOString(), version, files, missing };
        await writeWhole(join(making, MANIFEST), JSON.stringify(made));
        await syncFolder(making);
        await rename(making, join(dir, name));
        await syncFolder(dir);
        return summary(name, made);
      } catch (error) {
        await rm(making, { recursive: true, force: true });
        if (systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST')
          throw new AppError('conflict', `A backup named ${name} already exists.`, { cause: error });
        throw storageError(error, making);
      }
    },

    async remove(gone) {
      for (const name of gone) if (isBackupName(name)) await rm(join(dir, name), { recursive: true, force: true });
      const held = new Set<string>();
      const known = await names();
      for (const name of known)
        for (const { sha256 } of (await readBackup(join(dir, name))).files) held.add(pooledAs(sha256));
      const pooled = await ifThere(readdir(join(dir, 'files'), { recursive: true, withFileTypes: true }));
      for (const entry of pooled ?? []) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        if (held.has(pooledAs(entry.name))) continue;
        if (await hasOther(known)) return;
        await rm(path, { force: true });
      }
    },
  };
}
