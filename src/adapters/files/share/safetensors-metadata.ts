import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { pathInside } from '../disks/confined.ts';
import { isMissing, systemCode } from '../file-errors.ts';

/** As ComfyUI does: no more is read for what a model says of itself. */
const MAX_HEADER_BYTES = 1_048_576;
const LENGTH_BYTES = 8;

function metadataIn(header: string): unknown {
  try {
    const parsed: unknown = JSON.parse(header);
    return typeof parsed === 'object' && parsed !== null && '__metadata__' in parsed ? parsed.__metadata__ : null;
  } catch {
    return null;
  }
}

/** What the file at `relative` says of itself; null where it says nothing, is no such file, or a link leads out of `root`. */
export async function safetensorsMetadata(root: string, relative: string): Promise<unknown> {
  if (!relative.endsWith('.safetensors')) return null;
  try {
    const path = await realpath(pathInside(root, relative));
    if (!path.startsWith((await realpath(root)) + sep)) return null;
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) return null;
      const length = Buffer.alloc(LENGTH_BYTES);
      if ((await handle.read(length, 0, LENGTH_BYTES, 0)).bytesRead < LENGTH_BYTES) return null;
      const bytes = length.readBigUInt64LE();
      if (bytes > MAX_HEADER_BYTES) return null;
      const header = Buffer.alloc(Number(bytes));
      const { bytesRead } = await handle.read(header, 0, header.length, LENGTH_BYTES);
      return bytesRead < header.length ? null : metadataIn(header.toString('utf8'));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error) || systemCode(error) === 'ELOOP') return null;
    throw error;
  }
}
