import { type FileHandle, open } from 'node:fs/promises';
import { fileError, PythonError } from '../replica/python.ts';

/** The next bytes of a file, or bytes that replace earlier ones. */
export type Piece = Uint8Array | { at: number; bytes: Uint8Array };
export type Pieces = AsyncIterable<Piece> | Iterable<Piece>;

export type WriteFaults = {
  /** Asked before each piece: how many of its bytes are still written before the process dies; null is all, and it lives. */
  dieAfter(written: number, next: number): Promise<number | null>;
  die(): Promise<never>;
  full(): Promise<boolean>;
};

/** One system call if the file system accepts all bytes, so that no size in between is visible. */
async function append(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten;
}

/** Writes straight to the final name, piece by piece, as the real save nodes do. */
export async function writeInPieces(
  file: string,
  pieces: Pieces,
  pause: () => Promise<void>,
  faults: WriteFaults,
): Promise<void> {
  if (file.includes('\0')) throw new PythonError('ValueError', 'embedded null byte');
  try {
    const handle = await open(file, 'w');
    try {
      let written = 0;
      for await (const piece of pieces) {
        if (!(piece instanceof Uint8Array)) {
          await handle.write(piece.bytes, 0, piece.bytes.length, piece.at);
          continue;
        }
        if (await faults.full()) {
          await append(handle, piece.subarray(0, piece.length >> 1));
          throw new PythonError('OSError', '[Errno 28] No space left on device');
        }
        const left = await faults.dieAfter(written, piece.length);
        if (left !== null) {
          await append(handle, piece.subarray(0, left));
          await faults.die();
        }
        await append(handle, piece);
        written += piece.length;
        await pause();
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, file);
  }
}
