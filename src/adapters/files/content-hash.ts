import { createBLAKE3 } from 'hash-wasm';

const PIECE = 1024 * 1024;

export async function createBlake3() {
  const hash = await createBLAKE3();
  return hash.init();
}

type Read = (piece: Uint8Array, offset: number, length: number, position: number) => Promise<{ bytesRead: number }>;

/** The BLAKE3 of a file, in hexadecimal, in constant memory; null when it was stopped. Others have their turn between the pieces. */
export async function blake3OfFile(read: Read, signal: AbortSignal): Promise<string | null> {
  const hash = await createBlake3();
  const piece = Buffer.allocUnsafe(PIECE);
  for (let position = 0; ; ) {
    if (signal.aborted) return null;
    const { bytesRead } = await read(piece, 0, PIECE, position);
    if (bytesRead === 0) return hash.digest();
    hash.update(piece.subarray(0, bytesRead));
    position += bytesRead;
  }
}
