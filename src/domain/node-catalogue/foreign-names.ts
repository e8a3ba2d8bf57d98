import { FILE_NAME } from '../files/file-inputs.ts';
import { isStoredName } from '../files/inputs.ts';
import { isRecord } from '../workflow/graph.ts';

/** Other files that people load; models end otherwise. */
const OTHER_FILE = /\.(latent|glb|gltf|obj|fbx|stl|ply|usdz|splat|spz|ksplat)$/i;
const ATTEMPT = /(^|\/)comfyume\//;
const MAX_LENGTH = 1000;

const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** `name [output]` means another folder. */
const plain = (text: string): string => text.replaceAll('\\', '/').replace(/ ?\[(?:input|output|temp)\]$/, '');

/** As our share and the folders of attempts name files, whoever they are of. */
export function isStoredFile(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const name = plain(text);
  return isStoredName(last(name)) || ATTEMPT.test(name);
}

/** A text that may name a file which somebody has uploaded or made, and not only a format such as `.png`. */
export function mayBeFile(text: string): boolean {
  if (text.length > MAX_LENGTH || text.includes('\n')) return false;
  const name = plain(text);
  return ((FILE_NAME.test(name) || OTHER_FILE.test(name)) && !/^\*?\./.test(name)) || isStoredFile(text);
}

const UPLOAD_FLAG = /(?:^|_)upload$/;

/** An input of that name is no flag. */
const isFlag = (value: unknown): boolean => value !== false && value !== null && !Array.isArray(value);

/** Whether an input lists files of the worker's folders, by what it says of itself. */
export const listsFiles = (options: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(options).some(([key, value]) => UPLOAD_FLAG.test(key) && isFlag(value)) ||
  typeof options.image_folder === 'string' ||
  (isRecord(options.remote) && String(options.remote.route).includes('/internal/files'));

/** What a list of files may have besides files. */
export const isNoFile = (text: string): boolean => /^(?:|none|auto|default|disabled)$/i.test(text);

export const isList = (value: readonly unknown[]): boolean =>
  value.some((item) => typeof item === 'string') && value.every((item) => typeof item !== 'object' || item === null);

const HAS_ENDING = /[^./]\.[^./]+$/;

/** Every name in a list of files, however it ends: nobody else's business wherever else it stands. */
export function namesListed(value: unknown, into: Set<string>, lists = false): void {
  if (Array.isArray(value)) {
    const inside = lists || value.some((item) => isRecord(item) && listsFiles(item));
    if (isList(value))
      for (const item of value)
        if (typeof item === 'string' && (inside ? HAS_ENDING.test(item) : mayBeFile(item))) into.add(item);
    for (const item of value) if (typeof item === 'object') namesListed(item, into, inside);
  } else if (isRecord(value)) {
    const inside = lists || listsFiles(value);
    for (const item of Object.values(value)) namesListed(item, into, inside);
  }
}
