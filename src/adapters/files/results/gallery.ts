import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#src/domain/errors.ts';
import { typeByName } from '#src/domain/files/type-by-name.ts';
import { formatRule } from '#src/domain/formats/format.ts';
import type { FileType } from '#src/domain/formats/reading/verdict.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { Delivered, Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import { syncFolder } from '../disks/sync-folder.ts';
import { ifThere, isMissing, noRoom, storageError } from '../file-errors.ts';
import { answer } from '../media/answer.ts';
import { createDerived } from '../media/derived.ts';
import { readEmbeddedJobId } from '../media/embedded-job-id.ts';
import { readFacts } from '../media/facts.ts';
import { preparePictures } from '../media/pictures.ts';
import type { BoundedCalls } from '../share/bounded-share.ts';
import { isLinkFree, pathInside } from '../share/confined.ts';
import { copyUnchanged } from './copy.ts';

type Folders = { readonly shareOutputsDir: string; readonly outputsDir: string; readonly thumbsDir: string };

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** One gallery per `outputsDir`: what a crash left in its `.incoming` is cleared here. */
export function createGallery(
  folders: Folders,
  bounded: BoundedCalls = (_, call) => call(),
  log: Log = SILENT,
): Gallery {
  const shareOutputsDir = resolve(folders.shareOutputsDir);
  const outputsDir = resolve(folders.outputsDir);
  const thumbsDir = resolve(folders.thumbsDir);
  const incoming = join(outputsDir, '.incoming');
  try {
    rmSync(incoming, { recursive: true, force: true });
    for (const dir of [incoming, thumbsDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageError(error, outputsDir);
  }
  const derived = createDerived(thumbsDir, { now: Date.now, log });
  const inTurn = oneAtATime();

  const locate = (path: string): string => {
    if (!/^[^./\\][^/]*\/./.test(path) || /[\p{Cc}\\]/u.test(path)) {
      throw new AppError('invalid_input', `"${path}" is not the path of a result.`);
    }
    return pathInside(outputsDir, path);
  };

  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(outputsDir);
    return bavail * bsize;
  }

  /** Always the same name for the same target, so that retries after a crash cannot fill the disk. */
  const temporaryFor = (path: string): string => join(incoming, createHash('sha256').update(path).digest('hex'));

  async function* read(path: string): AsyncGenerator<Uint8Array> {
    try {
      yield* createReadStream(locate(path));
    } catch (error) {
      if (isMissing(error)) throw new AppError('not_found', 'The file of this result no longer exists.');
      throw storageError(error, path);
    }
  }

  return {
    locate,
    read,
    duplicate: (path, to) =>
      inTurn(to, async () => {
        const target = locate(to);
        const temporary = temporaryFor(to);
        try {
          const { size: bytes, mtimeMs } = await stat(locate(path));
          if (bytes > (await freeBytes())) throw noRoom(to);
          const sha256 = await copyUnchanged({ root: outputsDir, path, bytes, mtimeMs }, temporary, (_, call) =>
            call(),
          );
          return (await putInPlace(temporary, target, outputsDir, { bytes, sha256, replaces: null })) ?? 'copied';
        } catch (error) {
          await rm(temporary, { force: true });
          throw storageError(error, to);
        }
      }),
    prepare: preparePictures,
    discard: (path) => inTurn(path, () => rm(locate(path), { force: true })),
    derive: (what, resultId, path, facts) => derived.derive(what, resultId, locate(path), facts),
    async thumbnail(resultId, path, facts) {
      const made = await derived.derive('thumbnail', resultId, locate(path), facts);
      return made.state === 'there' ? made.file : null;
    },
    discardDerived: derived.discard,
    close: derived.close,
    putText: (path, text) =>
      inTurn(path, async (): Promise<Delivered | 'taken'> => {
        const target = locate(path);
        const temporary = temporaryFor(path);
        const content = Buffer.from(text);
        try {
          await writeFile(temporary, content, { flush: true });
          const facts = await readFacts(temporary, await typeOf(temporary, path, false));
          const delivered = {
            bytes: content.length,
            sha256: createHash('sha256').update(content).digest('hex'),
            facts,
          };
          return (await putInPlace(temporary, target, outputsDir, { ...delivered, replaces: null })) ?? delivered;
        } catch (error) {
          await rm(temporary, { force: true });
          throw storageError(error, path);
        }
      }),
    isFree: async (path) => (await bytesAt(locate(path))) === null,
    importFile: (source, { path, replaces }, jobId, unfinished = false) =>
      inTurn(path, async (): Promise<Delivered | 'taken'> => {
        const target = locate(path);
        const temporary = temporaryFor(path);
        const { folder, bytes, mtimeMs } = source;
        const known = { root: shareOutputsDir, path: `${folder}/${source.path}`, bytes, mtimeMs };
        try {
          // Or every try would fill the disk before it fails, with nothing left for smaller files.
          if (bytes > (await freeBytes())) throw noRoom(path);
          const sha256 = await copyUnchanged(known, temporary, bounded);
          const type = await typeOf(temporary, path, unfinished);
          const embedded = await readEmbeddedJobId(temporary, type);
          if (embedded !== null && jobId !== null && embedded !== jobId) {
            throw new AppError('foreign_file', `"${source.path}" carries the id of another job and is not delivered.`);
          }
          const facts = await readFacts(temporary, type);
          return (
            (await putInPlace(temporary, target, outputsDir, { bytes, sha256, replaces })) ?? { bytes, sha256, facts }
          );
        } catch (error) {
          await rm(temporary, { force: true });
          throw storageError(error, path);
        }
      }),
  };
}

/** The copy is judged, not the source: what arrived must be whole. */
async function typeOf(file: string, path: string, unfinished: boolean): Promise<FileType> {
  const handle = await open(file);
  try {
    const verdict = await answer(handle, formatRule(basename(path), (await handle.stat()).size));
    if (verdict.state === 'whole' || verdict.state === 'unproven') return { kind: verdict.kind, mime: verdict.mime };
    if (unfinished) return typeByName(path);
    throw new AppError('file_changed', `"${path}" is incomplete: ${verdict.why}.`);
  } finally {
    await handle.close();
  }
}

type Content = { readonly bytes: number; readonly sha256: string; readonly replaces: string | null };

/** Null when nothing has this name. What is no file (a folder, a link) has no bytes. */
async function bytesAt(target: string): Promise<number | 'no file' | null> {
  const found = await ifThere(lstat(target));
  if (found === null) return null;
  return found.isFile() ? found.size : 'no file';
}

/** Whether something has this name that is neither this content already nor what it replaces. */
async function isTaken(target: string, { bytes, sha256, replaces }: Content): Promise<boolean> {
  const found = await bytesAt(target);
  if (found === null) return false;
  if (found === 'no file' || (found !== bytes && replaces === null)) return true;
  const hash = createHash('sha256');
  await pipeline(createReadStream(target), hash);
  const there = hash.digest('hex');
  return there !== sha256 && there !== replaces;
}

/** `taken`: what is there stays, and the temporary file goes. */
async function putInPlace(
  temporary: string,
  target: string,
  outputsDir: string,
  content: Content,
): Promise<'taken' | null> {
  const folder = dirname(target);
  const firstMade = await mkdir(folder, { recursive: true });
  if (!(await isLinkFree(outputsDir, relative(outputsDir, folder)))) {
    throw new AppError('forbidden', `The folder "${folder}" is a symbolic link; nothing is stored there.`);
  }
  if (await isTaken(target, content)) {
    await rm(temporary, { force: true });
    return 'taken';
  }
  await rename(temporary, target);
  // A new folder survives a power failure only once its own parent is on the disk.
  const top = firstMade ? dirname(firstMade) : folder;
  for (let dir = folder; ; dir = dirname(dir)) {
    await syncFolder(dir);
    if (dir === top) return null;
  }
}
