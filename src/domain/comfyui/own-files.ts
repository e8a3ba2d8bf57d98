import { AppError } from '../errors.ts';
import { fileSize } from '../measures.ts';

/** What one person's ComfyUI may keep for them: workflows, subgraphs, templates, key bindings. */
export const OWN_FILES = { fileBytes: 20_000_000, bytes: 100_000_000, files: 5000 } as const;

const MAX_PATH_LENGTH = 1000;
/** Of a part, as file systems have it. */
const MAX_PART_BYTES = 255;
/** Control and half characters: no file system takes the first, no database the second. */
const UNSAFE = /[\p{Cc}\p{Cs}]/u;

const utf8 = new TextEncoder();

/**
 * A path in the person's own folder, as it is stored: no part is empty, `.` or `..`. '' is the folder itself; null = it leads outside, or no file could have
 * it. A backslash is a letter, as where ComfyUI runs.
 */
export function ownPath(given: string): string | null {
  if (given.length > MAX_PATH_LENGTH || given.startsWith('/') || UNSAFE.test(given)) return null;
  const parts: string[] = [];
  for (const part of given.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part === '' || part === '.' || part === '..') continue;
    if (utf8.encode(part).length > MAX_PART_BYTES) return null;
    parts.push(part);
  }
  return parts.join('/');
}

/** What is below a folder; '' is the person's own. */
export const isBelow = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`);

/** The folders that these paths have, each once. */
export function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths)
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
  return [...folders];
}

/** Null where a file of this path can stand beside the others: a name is a file's or a folder's. */
export function pathClash(path: string, others: readonly string[]): AppError | null {
  const other = others.find((one) => one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
  if (other === undefined) return null;
  const [folder, file] = other.length > path.length ? [path, path] : [other, other];
  return new AppError(
    'invalid_input',
    folder === path ? `“${folder}” is a folder. Choose another name.` : `“${file}” is a file, so nothing can be in it.`,
  );
}

/** Null where a person who has `had` may have one more file, of `bytes`, instead of one of `before` bytes (null = none). */
export function tooMuchKept(
  name: string,
  bytes: number,
  before: number | null,
  had: { readonly files: number; readonly bytes: number },
): AppError | null {
  if (bytes > OWN_FILES.fileBytes)
    return new AppError(
      'too_large',
      `“${name}” is too large: a file that ComfyUI keeps may have at most ${fileSize(OWN_FILES.fileBytes)}.`,
    );
  if (before === null && had.files >= OWN_FILES.files)
    return new AppError(
      'too_large',
      `Your ComfyUI keeps ${had.files} files, the limit. Delete some workflows, then save again.`,
    );
  if (had.bytes - (before ?? 0) + bytes > OWN_FILES.bytes)
    return new AppError(
      'too_large',
      `Your ComfyUI keeps ${fileSize(had.bytes)}, the limit is ${fileSize(OWN_FILES.bytes)}. Delete some workflows, then save again.`,
    );
  return null;
}
