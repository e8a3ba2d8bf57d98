import type { FileHandle } from 'node:fs/promises';
import type { Asking } from '#src/domain/formats/reading/window.ts';

/** Gives a rule the bytes that it asks for, until it has its answer. */
export async function answer<T>(handle: FileHandle, asking: Asking<T>): Promise<T> {
  let step = asking.next();
  while (!step.done) step = asking.next(await readRange(handle, step.value.offset, step.value.length));
  return step.value;
}

async function readRange(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
