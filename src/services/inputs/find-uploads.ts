import type { FileInput } from '#src/domain/files/file-inputs.ts';
import { plainName, uploadLookup } from '#src/domain/files/inputs.ts';
import type { Input, InputStore } from '#src/ports/inputs.ts';

type Named = Pick<FileInput, 'name' | 'folder'>;

/** Which of the user's uploads these file inputs mean. */
export async function findUploads(
  deps: { inputs: InputStore },
  userId: string,
  files: readonly Named[],
): Promise<(file: Named) => Input | undefined> {
  const names = new Set(files.map(({ name }) => plainName(name)));
  return uploadLookup(names.size > 0 ? await deps.inputs.find(userId, [...names]) : []);
}
