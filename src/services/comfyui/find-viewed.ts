import { annotated } from '#src/domain/files/file-inputs.ts';
import { isStoredName, plainName } from '#src/domain/files/inputs.ts';
import { previewStem } from '#src/domain/files/preview-names.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Viewed } from '#src/ports/comfyui/viewed.ts';
import type { InputShare, InputStore } from '#src/ports/inputs.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { UserStore } from '#src/ports/users.ts';

export type FindViewedDeps = {
  inputs: Pick<InputStore, 'find'>;
  inputShare: Pick<InputShare, 'has'>;
  results: Pick<ResultStore, 'byPath'>;
  users: Pick<UserStore, 'find'>;
};

/** How ComfyUI names a file: `type` is input, output or temp. */
export type FileRef = { readonly filename: string; readonly subfolder: string; readonly type: string };

/** What ComfyUI calls this, of the caller's own files; null for anybody else's, and for what is not there. */
export async function findViewed(
  deps: FindViewedDeps,
  { userId }: Actor,
  { filename, subfolder, type }: FileRef,
): Promise<Viewed | null> {
  const isAnnotated = /\[(input|output|temp)\]$/.test(filename);
  const { name, folder } = isAnnotated ? annotated(filename) : { name: filename, folder: type };
  const path = plainName([subfolder, name].filter(Boolean).join('/'));
  if (path.includes('\0')) return null;

  async function result(...paths: string[]): Promise<Viewed | null> {
    const owner = await deps.users.find(userId);
    for (const one of owner ? paths : []) {
      const found = await deps.results.byPath(`${owner?.folder}/${one}`);
      if (found?.userId === userId && found.removedAt === null) return { type: 'result', result: found };
    }
    return null;
  }
  async function upload(): Promise<Viewed | null> {
    const input = (await deps.inputs.find(userId, [path])).find((one) => one.name === path || one.file === path);
    return input ? { type: 'input', input } : null;
  }

  switch (folder) {
    case 'input': {
      const own = await upload();
      if (own || isStoredName(path)) return own;
      return (await deps.inputShare.has(path)) ? { type: 'shared', path } : null;
    }
    case 'output':
      return result(path);
    case 'temp':
      return (await result(previewStem(path), path)) ?? upload();
    default:
      return null;
  }
}
