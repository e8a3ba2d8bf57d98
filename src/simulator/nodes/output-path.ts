import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileError, PythonError } from '../replica/python.ts';

export type OutputPlace = { folder: string; base: string; counter: number; subfolder: string };

const two = (value: number): string => String(value).padStart(2, '0');

function fillIn(prefix: string, width: number, height: number): string {
  const now = new Date();
  return prefix
    .replaceAll('%width%', String(width))
    .replaceAll('%height%', String(height))
    .replaceAll('%year%', String(now.getFullYear()))
    .replaceAll('%month%', two(now.getMonth() + 1))
    .replaceAll('%day%', two(now.getDate()))
    .replaceAll('%hour%', two(now.getHours()))
    .replaceAll('%minute%', two(now.getMinutes()))
    .replaceAll('%second%', two(now.getSeconds()));
}

const commonPath = (a: string, b: string): string => {
  const left = a.split('/');
  const right = b.split('/');
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  return left.slice(0, same).join('/') || '/';
};

const withoutTrailingSlash = (text: string): string => (text.length > 1 ? text.replace(/\/+$/, '') : text);

/**
 * The highest number among the entries called `<base>_<number>_...`, plus one. Newer servers count a number that no
 * underscore follows too.
 */
export function nextCounter(
  entries: readonly string[],
  base: string,
  prefixLength: number,
  bareCounters = false,
): number {
  let highest: number | null = null;
  for (const entry of entries) {
    const head = entry.slice(0, prefixLength + 1);
    if (head.slice(0, -1) !== base || !head.endsWith('_')) continue;
    const digits = entry.slice(prefixLength + 1).split('_')[0] ?? '';
    const bare = bareCounters ? Number(/^\d+/.exec(digits)?.[0] ?? 0) : 0;
    const number = /^\s*[+-]?\d+\s*$/.test(digits) ? Number(digits) : bare;
    highest = highest === null ? number : Math.max(highest, number);
  }
  return highest === null ? 1 : highest + 1;
}

/**
 * Where a save node writes. The counter is read once and nothing is reserved, so two processes can choose the same
 * name; a prefix that ends in a slash, is empty or has `%batch_num%` never finds its own files and starts at 1.
 */
export async function outputPlace(
  prefix: string,
  root: string,
  size: { width: number; height: number },
  bareCounters: boolean,
): Promise<OutputPlace> {
  const filled = prefix.includes('%') ? fillIn(prefix, size.width, size.height) : prefix;
  const normal = withoutTrailingSlash(path.posix.normalize(filled === '' ? '.' : filled));
  const subfolder = path.posix.dirname(normal) === '.' ? '' : path.posix.dirname(normal);
  const base = path.posix.basename(normal);
  const folder = path.posix.isAbsolute(subfolder) ? subfolder : path.posix.join(root, subfolder);
  const common = commonPath(root, path.posix.resolve(folder));
  if (common !== root) {
    throw new PythonError(
      'Exception',
      `**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: ${path.posix.resolve(folder)}\n         output_dir: ${root}\n         commonpath: ${common}`,
      [
        '  File "/comfyui/nodes.py", line 1590, in save_images\n    <source line>\n',
        '  File "/comfyui/folder_paths.py", line 397, in get_save_image_path\n    <source line>\n',
      ],
    );
  }
  if (folder.includes('\0') || base.includes('\0')) throw new PythonError('ValueError', 'embedded null byte');
  const afterSlash = filled.slice(filled.lastIndexOf('/') + 1);
  let counter: number;
  try {
    counter = nextCounter(await readdir(folder), base, afterSlash.length, bareCounters);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw fileError(error, folder);
    await mkdir(folder, { recursive: true });
    counter = 1;
  }
  return { folder, base, counter, subfolder };
}

export const isInside = (root: string, file: string): boolean => file === root || file.startsWith(`${root}${path.sep}`);

export const numbered = (place: OutputPlace, index: number, extension: string): string =>
  `${place.base.replaceAll('%batch_num%', String(index))}_${String(place.counter + index).padStart(5, '0')}_.${extension}`;
