import type { FileHandle } from 'node:fs/promises';
import type { OpenedFile } from '#src/ports/files/file-store.ts';

const PIECE = 256 * 1024;

export async function openedFile(handle: FileHandle): Promise<OpenedFile> {
  const { size, mtimeMs } = await handle.stat();
  return {
    bytes: size,
    modifiedAt: mtimeMs,
    read: (from, to) => handle.createReadStream({ start: from, end: to - 1, autoClose: false, highWaterMark: PIECE }),
    close: () => handle.close(),
  };
}
