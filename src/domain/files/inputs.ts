import { AppError, type NodeErrors } from '../errors.ts';
import type { FileType } from '../formats/reading/verdict.ts';
import { groupBy } from '../group-by.ts';
import { fileSize } from '../measures.ts';
import type { Graph } from '../workflow/graph.ts';
import { placeInputs } from '../workflow/outputs/outputs.ts';
import { safeParts } from '../workflow/outputs/safe-path.ts';
import { FILE_NAME, type FileInput, namedFiles } from './file-inputs.ts';
import { INPUT_KINDS, type InputKind } from './input-kinds.ts';

/** What may be uploaded, by what the content proved, and the extension it is stored under: nodes go by it. No SVG: it can hold scripts, and no core node loads it. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/avif', 'avif'],
  ['image/heic', 'heic'],
  ['image/heic-sequence', 'heic'],
  ['image/heif', 'heif'],
  ['image/heif-sequence', 'heif'],
  ['image/tiff', 'tif'],
  ['image/x-exr', 'exr'],
  ['video/mp4', 'mp4'],
  ['video/quicktime', 'mov'],
  ['video/webm', 'webm'],
  ['video/x-matroska', 'mkv'],
  ['video/ogg', 'ogv'],
  ['video/x-msvideo', 'avi'],
  ['audio/mpeg', 'mp3'],
  ['audio/wav', 'wav'],
  ['audio/flac', 'flac'],
  ['audio/ogg', 'ogg'],
  ['audio/mp4', 'm4a'],
  ['audio/webm', 'webm'],
  ['audio/x-matroska', 'mka'],
]);

/** Kind and extension of what may be uploaded; null for anything else. */
export function uploadType({ kind, mime }: FileType): { kind: InputKind; mime: string; extension: string } | null {
  const known = INPUT_KINDS.find((one) => one === kind);
  const extension = EXTENSIONS.get(mime);
  return known && extension !== undefined ? { kind: known, mime, extension } : null;
}

/** macOS takes letters and accents apart, Windows writes folders with backslashes: the same name anyway. */
export const plainName = (name: string): string => name.normalize('NFC').replaceAll('\\', '/');

const MAX_PART = 200;

/** The harmless name of an upload, folders kept. It always ends as a picture, film or sound does, so that no other text of a graph can be taken for it. */
export function inputName(given: string, extension: string): string {
  const name = plainName(given);
  const ending = FILE_NAME.exec(name)?.[0] ?? '';
  const stem = safeParts(name.slice(0, name.length - ending.length), MAX_PART).join('/');
  return `${stem || 'file'}${ending || `.${extension}`}`;
}

/** `a.png`, `a (1).png`, `a (2).png` … as ComfyUI does when a name is taken. */
export function numberedInput(name: string, number: number): string {
  if (number === 0) return name;
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
}

/** Every input of a graph that names a file, or may do so. */
export const fileInputs = (graph: Graph): FileInput[] =>
  namedFiles(graph, (node, input) => placeInputs(node).includes(input));

/** Of one person. */
export const MAX_FILES = 10_000;

export const tooMuchUploaded = (had: { files: number; bytes: number }, maxBytes: number): AppError =>
  new AppError(
    'too_large',
    `Your ${had.files} uploads take ${fileSize(had.bytes)}, the limit is ${MAX_FILES} files or ${fileSize(maxBytes)}. Delete some under Inputs, then add this one again.`,
  );

export const anotherKind = (name: string): AppError =>
  new AppError(
    'invalid_input',
    `“${name}” can only be replaced with a file of the same kind. Upload this one beside it.`,
  );

/** `file` is its name below the share's input folder. */
export type Upload = { readonly name: string; readonly file: string };

/** What a job calls an upload that it names. */
export const nameInJob = ({ name, folder }: Pick<FileInput, 'name' | 'folder'>): string =>
  folder === 'input' ? plainName(name) : `${plainName(name)} [${folder}]`;

/**
 * Which upload a file input means: the one of that name, or of that file, because that is what the metadata of a result calls it. In ComfyUI some nodes
 * upload what they draw or record to `temp`; here all uploads are in one place.
 */
export function uploadLookup<U extends Upload>(
  uploads: readonly U[],
): (file: Pick<FileInput, 'name' | 'folder'>) => U | undefined {
  const byName = new Map(uploads.map((upload) => [upload.name, upload]));
  const byFile = new Map(uploads.map((upload) => [upload.file, upload]));
  return (file) => {
    const { name, folder } = file;
    if (folder === 'output') return byName.get(nameInJob(file));
    return (
      byName.get(nameInJob(file)) ?? byName.get(plainName(name)) ?? (folder === 'input' ? byFile.get(name) : undefined)
    );
  };
}

/** In a text of a worker's. */
export const STORED_NAMES = /[0-9a-f]{64}\.[a-z0-9]+/g;

/** How uploads are named on the share. Whoever did not upload it does not get at it by that name. */
export const isStoredName = (name: string): boolean => /^[0-9a-f]{64}\.[a-z0-9]+$/.test(name);

const why = ({ name, folder }: FileInput): string => {
  if (folder === 'output') return `“${name}” is not one of your results. Choose another, or add it to your uploads.`;
  if (folder === 'temp')
    return `“${name}” is in a folder that other GPUs cannot read. Download it, add it as an upload, and choose the upload.`;
  return name === '' ? 'No file is chosen.' : `File “${name}” not found. Add it to your uploads and run again.`;
};

/** Says of each of these inputs that its file is missing, in ComfyUI's shape for a node that refuses an input. */
export function filesMissing(files: readonly FileInput[]): AppError {
  const nodeErrors: Record<string, NodeErrors[string]> = {};
  for (const [nodeId, own] of groupBy(files, (file) => file.nodeId)) {
    const errors = own.map((file) => ({
      type: 'custom_validation_failed',
      message: 'A file that this node needs is missing',
      details: `${file.input} - ${why(file)}`,
      extra_info: { input_name: file.input, missing_file: file.name, folder: file.folder },
    }));
    nodeErrors[nodeId] = { class_type: own[0]?.classType ?? '', dependent_outputs: [], errors };
  }
  const [first] = files;
  const others = files.length > 1 ? ` (and ${files.length - 1} more)` : '';
  return new AppError('invalid_graph', first ? `${first.classType}: ${why(first)}${others}` : 'A file is missing.', {
    nodeErrors,
  });
}
