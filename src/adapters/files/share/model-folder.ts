import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFile } from '#src/domain/workflow/needed-models.ts';
import type { ModelFolder } from '#src/ports/share.ts';
import { ifThere, isMissing, shareError } from '../file-errors.ts';
import type { BoundedCalls } from './bounded-share.ts';
import { safetensorsMetadata } from './safetensors-metadata.ts';

const MAX_FILES = 5000;
const MAX_FOLDERS = 2000;
const DEEPEST = 6;

/** `<dir>/<folder>/<name>`. Links are followed: models are often links, and nothing is read of them but their size. */
export function createModelFolder(dir: string, boundedCalls: BoundedCalls): ModelFolder {
  return {
    list: () =>
      boundedCalls('scanning the models', async () => {
        try {
          return { dir, ...(await walk(dir)) };
        } catch (error) {
          if (isMissing(error)) return { dir, files: null, more: false };
          throw shareError(error, dir);
        }
      }),

    metadata: ({ folder, name }) =>
      boundedCalls('reading a model', async () => {
        try {
          return await safetensorsMetadata(dir, `${folder}/${name}`);
        } catch (error) {
          throw shareError(error, dir);
        }
      }),
  };
}

async function walk(dir: string): Promise<{ files: ModelFile[]; more: boolean }> {
  const files: ModelFile[] = [];
  const folders: { path: string[]; isTop: boolean }[] = [{ path: [], isTop: true }];
  let visited = 0;
  for (const { path, isTop } of folders) {
    visited += 1;
    if (visited > MAX_FOLDERS) return { files, more: true };
    const entries = await readdir(join(dir, ...path)).catch((error: unknown) => {
      if (isMissing(error) && !isTop) return [];
      throw error;
    });
    for (const entry of entries.sort()) {
      if (entry.startsWith('.')) continue;
      if (files.length >= MAX_FILES) return { files, more: true };
      const own = [...path, entry];
      const [folder = '', ...name] = own;
      const facts = await ifThere(stat(join(dir, ...own)));
      if (facts?.isDirectory() && own.length < DEEPEST) folders.push({ path: own, isTop: false });
      // What lies beside the folders is no model of any loader.
      else if (facts?.isFile() && name.length > 0)
        files.push({ folder, name: name.join('/'), bytes: facts.size, modifiedMs: facts.mtimeMs });
    }
  }
  return { files, more: false };
}
