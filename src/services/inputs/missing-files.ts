import { AppError } from '#src/domain/errors.ts';
import type { FileInput } from '#src/domain/files/file-inputs.ts';
import { isStoredName } from '#src/domain/files/inputs.ts';
import type { InputShare, InputStore } from '#src/ports/inputs.ts';
import { findUploads } from './find-uploads.ts';

/** Each is a look at the share, where others wait for their turn. */
const MAX_CHECKS = 1000;

/** `bytes` where it is known how large the file is that is meant. */
type Wanted = Pick<FileInput, 'name' | 'folder' | 'certain'> & { readonly bytes?: number | null };

/** Those of these file inputs that no worker could load: neither an upload of the user's, nor a file that the operator put on the share under that name. */
export async function missingFiles<File extends Wanted>(
  deps: { inputs: InputStore; inputShare: Pick<InputShare, 'has'> },
  userId: string,
  files: readonly File[],
): Promise<File[]> {
  const uploadOf = await findUploads(deps, userId, files);
  const checks = new Map<string, Promise<boolean>>();
  const isThere = (path: string): Promise<boolean> => {
    const known = checks.get(path);
    if (!known && checks.size >= MAX_CHECKS)
      throw new AppError('invalid_graph', `The workflow names more than ${MAX_CHECKS} different files.`);
    const check = known ?? deps.inputShare.has(path);
    checks.set(path, check);
    return check;
  };
  async function isMissing(file: File): Promise<boolean> {
    const upload = uploadOf(file);
    if (!upload && file.folder !== 'input') return true;
    if (upload && (file.bytes ?? upload.bytes) !== upload.bytes) return true;
    if (upload) return !(await isThere(upload.file));
    return file.certain && (isStoredName(file.name) || !(await isThere(file.name)));
  }
  const missing = await Promise.all(files.map(isMissing));
  return files.filter((_, index) => missing[index]);
}
