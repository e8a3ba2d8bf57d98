import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#src/domain/errors.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';
import { isLinkFree, pathInside } from '../disks/confined.ts';
import { createDrafts } from '../disks/drafts.ts';
import { syncFolder } from '../disks/sync-folder.ts';
import { ifThere, isMissing, storageError, systemCode } from '../file-errors.ts';
import { openedFile } from './opened.ts';

type Kind = {
  /** The folder below it where files are made. */
  readonly drafts: string;
  /** Whether a file has to be there after a power failure, too. */
  readonly durable: boolean;
};

/** Files in a folder of this machine, or one that is mounted here. */
export function createFolderStore(folder: string, { drafts, durable }: Kind): FileStore {
  const dir = resolve(folder);
  const draft = draftsIn(join(dir, drafts));
  const at = (path: string): string => pathInside(dir, path);

  /** Links lead elsewhere: nothing is stored behind one. */
  async function putDurably(made: string, target: string): Promise<void> {
    const parent = dirname(target);
    const firstMade = await mkdir(parent, { recursive: true });
    if (parent !== dir && !(await isLinkFree(dir, relative(dir, parent))))
      throw new AppError('forbidden', `The folder "${parent}" is a symbolic link; nothing is stored there.`);
    await rename(made, target);
    // A new folder survives a power failure only once its own parent is on the disk.
    const top = firstMade ? dirname(firstMade) : parent;
    for (let changed = parent; ; changed = dirname(changed)) {
      await syncFolder(changed);
      if (changed === top) return;
    }
  }

  return {
    draft,
    async size(path) {
      const found = await ifThere(lstat(at(path)));
      if (found === null) return null;
      return found.isFile() ? found.size : 'no file';
    },
    async sha256(path) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(at(path)), hash);
      return hash.digest('hex');
    },
    async open(path) {
      const handle = await openFile(at(path));
      if (handle === null) return null;
      const found = await handle.stat();
      if (found.isFile()) return openedFile(handle, found);
      await handle.close();
      return null;
    },
    local: async (path, use) => use(at(path)),
    async put(made, path) {
      const target = at(path);
      if (durable) return putDurably(made, target);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(made, target);
    },
    remove: (path) => rm(at(path), { force: true }),
    async folders() {
      const entries = await readdir(dir, { withFileTypes: true });
      const names = entries.filter((entry) => entry.isDirectory() && entry.name !== drafts).map(({ name }) => name);
      const found = await Promise.all(
        names.map(async (name) => ({ name, changedAt: (await ifThere(stat(at(name))))?.mtimeMs ?? null })),
      );
      return found.flatMap(({ name, changedAt }) => (changedAt === null ? [] : [{ name, changedAt }]));
    },
    removeFolder: (name) => rm(at(name), { recursive: true, force: true }),
  };
}

/** Null for what is no file. Without O_NONBLOCK, opening a pipe waits for its writer. */
const openFile = (file: string): Promise<FileHandle | null> =>
  open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    if (isMissing(error) || ['ELOOP', 'ENXIO'].includes(systemCode(error) ?? '')) return null;
    throw error;
  });

function draftsIn(dir: string) {
  try {
    return createDrafts(dir);
  } catch (error) {
    throw storageError(error, dir);
  }
}
