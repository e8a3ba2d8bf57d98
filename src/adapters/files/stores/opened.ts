import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { OpenedFile } from '#src/ports/files/file-store.ts';

const PIECE = 256 * 1024;

async function* read(handle: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, to - at));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
    at += bytesRead;
  }
}

export async function openedFile(handle: FileHandle, known?: Stats): Promise<OpenedFile> {
  const { size, mtimeMs } = known ?? (await handle.stat());
  return {
    bytes: size,
    modifiedAt: mtimeMs,
    read: (from, to) => read(handle, from, to),
    close: () => handle.close(),
  };
}
