import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { typeByEnding } from '#src/domain/front-end/paths.ts';
import type { ServedFile } from '#src/ports/comfyui/front-end.ts';
import { ifThere } from '../file-errors.ts';

const FILES: ReadonlySet<string> = new Set(['comfyume.js', 'comfyume.js.map']);

/** Our own extension of ComfyUI's page, as it was built. Null = it is none of its files, or not built. */
export function createOwnExtension(dir: string) {
  return async (name: string): Promise<ServedFile | null> => {
    const bytes = FILES.has(name) ? await ifThere(readFile(join(dir, name))) : null;
    const type = typeByEnding(name) ?? 'application/json; charset=utf-8';
    return bytes && { bytes, type, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
}
