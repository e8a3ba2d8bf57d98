import { chmod, lstat, mkdir, readdir, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { watch as watchFolder } from 'chokidar';
import { AppError } from '#src/domain/errors.ts';
import { isJunk, isJunkFolder } from '#src/domain/files/junk.ts';
import { formatRule } from '#src/domain/formats/format.ts';
import { broken, growing } from '#src/domain/formats/reading/verdict.ts';
import { ROOT } from '#src/domain/workflow/rewrite.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import { isLinkFree, openInside, pathInside } from '../disks/confined.ts';
import { ifThere, isMissing, shareError, systemCode } from '../file-errors.ts';
import { answer } from '../media/answer.ts';
import { readEmbedded } from '../media/embedded-job-id.ts';
import { Found, MAX_DEPTH } from './found.ts';
import type { ShareMode } from './share-mode.ts';

/** So long after a new folder is reported, it is watched. */
const NEW_FOLDER_MS = 100;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function createShare({ outputsDir, mode }: { outputsDir: string; mode: ShareMode }): Share {
  return {
    async list(folder) {
      const found = new Found();
      try {
        if (await isLinkFree(outputsDir, folder)) await collect(pathInside(outputsDir, folder), '', 1, found);
      } catch (error) {
        // An attempt's folder may not be there yet; a share that is not there says nothing about it.
        const fault = isMissing(error) ? await faultOf(outputsDir) : error;
        if (fault !== null) throw shareError(fault, folder);
      }
      return found.listing();
    },

    async folders() {
      try {
        const entries = await readdir(pathInside(outputsDir, ROOT), { withFileTypes: true });
        return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${ROOT}/${name}`);
      } catch (error) {
        if (isMissing(error)) return [];
        throw shareError(error, ROOT);
      }
    },

    async examine(folder, path) {
      const file = `${folder}/${path}`;
      try {
        const handle = await openInside(outputsDir, file);
        if (handle === 'missing') return growing('the file does not exist');
        if (handle === 'not a file') return broken('this is a link or something else that is not a file');
        try {
          return await answer(handle, formatRule(basename(path), (await handle.stat()).size));
        } finally {
          await handle.close();
        }
      } catch (error) {
        throw shareError(error, file);
      }
    },

    async embedded(folder, path) {
      const file = `${folder}/${path}`;
      try {
        const handle = await openInside(outputsDir, file);
        if (typeof handle === 'string') return { prompt: null, workflow: null };
        const verdict = await answer(handle, formatRule(basename(path), (await handle.stat()).size)).finally(() =>
          handle.close(),
        );
        if (verdict.state !== 'whole' && verdict.state !== 'unproven') return { prompt: null, workflow: null };
        const read = (key: string) => readEmbedded(pathInside(outputsDir, file), verdict, key);
        return { prompt: await read('prompt'), workflow: await read('workflow') };
      } catch (error) {
        throw shareError(error, file);
      }
    },

    makeFolder: (folder) => makeFolder(outputsDir, folder),

    async removeIfEmpty(folder) {
      const dir = pathInside(outputsDir, folder);
      const stats = await ifThere(lstat(dir));
      if (stats?.isDirectory()) await removeIfEmpty(dir, 0);
    },

    async watch(folder, hint) {
      const dir = pathInside(outputsDir, folder);
      // A folder that cannot be made (read-only share) is left to the caller's own scan.
      if (mode === 'poll' || !(await makeFolder(outputsDir, folder))) return async () => {};
      return startWatcher(dir, hint);
    },
  };
}

/** What the system says against a folder, if anything. */
const faultOf = (dir: string): Promise<unknown> =>
  lstat(dir).then(
    () => null,
    (error: unknown) => error,
  );

async function collect(dir: string, prefix: string, depth: number, found: Found): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true, encoding: 'buffer' });
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile() && !entry.isDirectory()) continue;
    const name = readableName(entry.name);
    if (name === null) found.unreadable += 1;
    else if (entry.isFile() && !isJunk(name)) files.push(name);
    else if (entry.isDirectory() && !isJunkFolder(name)) folders.push(name);
  }
  files.sort();
  // One after the other: on a share that hangs, each look holds a thread.
  for (const name of files) {
    if (!found.hasRoom()) return;
    const file = await lookAt(join(dir, name), prefix + name);
    if (file) found.files.push(file);
  }
  for (const name of folders.sort()) {
    if (!found.hasRoom()) return;
    if (depth >= MAX_DEPTH) found.tooDeep += 1;
    else await ifThere(collect(join(dir, name), `${prefix}${name}/`, depth + 1, found));
  }
}

/** Null for what is not UTF-8: a path is a text here, and such a name would lead nowhere. Line breaks and the like are cleaned when it is delivered. */
function readableName(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

async function lookAt(file: string, path: string): Promise<FoundFile | null> {
  const stats = await ifThere(lstat(file));
  return stats?.isFile() ? { path, bytes: stats.size, mtimeMs: stats.mtimeMs } : null;
}

/** Makes the folder before the worker does, so that there is something to watch. Open to all, because the worker may be another user. */
async function makeFolder(outputsDir: string, folder: string): Promise<boolean> {
  const parts = folder.split('/');
  try {
    for (let length = 1; length <= parts.length; length++) {
      const dir = join(outputsDir, ...parts.slice(0, length));
      if (await makeOne(dir)) await chmod(dir, 0o777);
      else if (!(await lstat(dir)).isDirectory()) return false;
    }
    return true;
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw shareError(error, folder);
  }
}

async function removeIfEmpty(dir: string, depth: number): Promise<void> {
  const entries = await ifThere(readdir(dir, { withFileTypes: true }));
  if (depth > MAX_DEPTH || !entries?.every((entry) => entry.isDirectory())) return;
  for (const { name } of entries) await removeIfEmpty(join(dir, name), depth + 1);
  await rmdir(dir).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOTEMPTY') throw error;
  });
}

async function makeOne(dir: string): Promise<boolean> {
  try {
    await mkdir(dir);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function startWatcher(dir: string, hint: () => void): Promise<() => Promise<void>> {
  let scheduled: NodeJS.Immediate | null = null;
  let later: NodeJS.Timeout | null = null;
  const wake = (): void => {
    scheduled ??= setImmediate(() => {
      scheduled = null;
      hint();
    });
  };
  const watcher = watchFolder(dir, { followSymlinks: false, depth: MAX_DEPTH, atomic: false });
  const stop = async (): Promise<void> => {
    await watcher.close();
    if (scheduled) clearImmediate(scheduled);
    if (later) clearTimeout(later);
  };
  // chokidar drops changes that follow each other within 50 ms, the last write of a file among them; its raw events are complete.
  // Raw events alone miss what was put into a new folder before it was watched.
  watcher.on('raw', wake).on('all', wake);
  // It reads a new folder before it watches it: what is put there in between is found by one more look.
  watcher.on('addDir', () => {
    later ??= setTimeout(() => {
      later = null;
      wake();
    }, NEW_FOLDER_MS);
  });
  try {
    await new Promise<void>((resolve, reject) => watcher.once('ready', resolve).on('error', reject));
  } catch (error) {
    await stop();
    throw new AppError(
      'share_unavailable',
      `The folder "${dir}" cannot be watched (${systemCode(error) ?? 'unknown error'}). Raise the limits under fs.inotify, or set SFS_WATCH=poll.`,
      { cause: error },
    );
  }
  // A part of the folder that cannot be watched any more is the scan's affair.
  watcher.on('error', wake);
  return stop;
}
