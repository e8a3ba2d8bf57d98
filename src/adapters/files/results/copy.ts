import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { AppError } from '#src/domain/errors.ts';
import type { OpenedFile } from '#src/ports/files/file-store.ts';
import { openInside } from '../disks/confined.ts';
import { isMissing, shareError, storageError } from '../file-errors.ts';
import type { BoundedCalls } from '../share/bounded-share.ts';

const PIECE = 1024 * 1024;

/** A file as it was when somebody last looked. */
type Known = { readonly root: string; readonly path: string; readonly bytes: number; readonly mtimeMs: number };

/** Copies a file that must not change meanwhile to `target`, forces it to the disk, and gives its SHA-256. */
export async function copyUnchanged(source: Known, target: string, bounded: BoundedCalls): Promise<string> {
  const from = await bounded(`opening ${source.path}`, () => openInside(source.root, source.path)).catch(
    (error: unknown) => {
      throw shareError(error, source.path);
    },
  );
  if (typeof from === 'string') throw changed(source);
  try {
    const unchanged = `checking ${source.path}`;
    await bounded(unchanged, () => expectSame(source, from));
    const sha256 = await copyBytes(from, source, target, bounded);
    await bounded(unchanged, () => expectSame(source, from));
    await bounded(unchanged, () => expectInPlace(source, from));
    return sha256;
  } finally {
    // Nothing was written to it; and on a share that hangs, closing waits for the read that was given up.
    from.close().catch(() => undefined);
  }
}

async function copyBytes(from: FileHandle, source: Known, target: string, bounded: BoundedCalls): Promise<string> {
  const to = await open(target, 'w', 0o644).catch((error: unknown) => {
    throw storageError(error, target);
  });
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(PIECE);
    let copied = 0;
    for (;;) {
      const reading = () => from.read(piece, 0, PIECE, copied);
      const { bytesRead } = await bounded(`reading ${source.path}`, reading).catch((error: unknown) => {
        throw shareError(error, source.path);
      });
      if (bytesRead === 0) break;
      const bytes = piece.subarray(0, bytesRead);
      hash.update(bytes);
      await writeAll(to, bytes);
      copied += bytesRead;
      if (copied > source.bytes) throw changed(source);
    }
    if (copied !== source.bytes) throw changed(source);
    await to.sync();
    return hash.digest('hex');
  } catch (error) {
    throw storageError(error, source.path);
  } finally {
    await to.close();
  }
}

/** Writes all of an open file to `target`, forces it to the disk, and gives its SHA-256. */
export async function copyOpened(opened: OpenedFile, target: string): Promise<string> {
  const to = await open(target, 'w', 0o644);
  try {
    const hash = createHash('sha256');
    if (opened.bytes > 0)
      for await (const piece of opened.read(0, opened.bytes)) {
        hash.update(piece);
        await writeAll(to, piece);
      }
    await to.sync();
    return hash.digest('hex');
  } finally {
    await to.close();
  }
}

async function writeAll(to: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await to.write(bytes, written)).bytesWritten;
}

async function expectSame(source: Known, handle: FileHandle): Promise<void> {
  const { size, mtimeMs } = await handle.stat().catch((error: unknown) => {
    throw shareError(error, source.path);
  });
  // Whole milliseconds are what survives a database.
  if (size !== source.bytes || Math.floor(mtimeMs) !== Math.floor(source.mtimeMs)) throw changed(source);
}

/** The open file must still be the one of that name: a worker may have put another in its place. */
async function expectInPlace(source: Known, handle: FileHandle): Promise<void> {
  try {
    const open = await handle.stat();
    const named = await lstat(`${source.root}/${source.path}`);
    if (open.ino === named.ino && open.dev === named.dev) return;
  } catch (error) {
    if (!isMissing(error)) throw shareError(error, source.path);
  }
  throw changed(source);
}

const changed = (source: Known): AppError =>
  new AppError(
    'file_changed',
    `"${source.path}" changed or vanished while it was copied. It is copied again when it stops changing.`,
  );
