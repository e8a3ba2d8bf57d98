import type { FileInput } from '#src/domain/files/file-inputs.ts';
import { nameInJob } from '#src/domain/files/inputs.ts';
import type { Input, JobInput } from '#src/ports/inputs.ts';

/** The uploads that a graph names, one for each name. */
export function jobInputs(
  files: readonly FileInput[],
  uploadOf: (file: FileInput) => Input | undefined,
): readonly JobInput[] {
  const named = files.flatMap((file): JobInput[] => {
    const upload = uploadOf(file);
    return upload ? [{ name: nameInJob(file), inputId: upload.id, file: upload.file, kind: upload.kind }] : [];
  });
  return [...new Map(named.map((input) => [input.name, input])).values()];
}
