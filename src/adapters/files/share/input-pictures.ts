import { join, resolve } from 'node:path';
import { isStoredName } from '#src/domain/files/inputs.ts';
import type { InputPictures } from '#src/ports/inputs.ts';
import type { Log } from '#src/ports/log.ts';
import { createDerived } from '../media/derived.ts';

const keyOf = (file: string): string => file.slice(0, file.indexOf('.'));

/** Thumbnails of the uploads in `inputsDir`, kept in `thumbsDir` under the hash of their content. */
export function createInputPictures(inputsDir: string, thumbsDir: string, log: Log): InputPictures {
  const derived = createDerived(thumbsDir, { now: Date.now, log });
  return {
    async thumbnail({ file, kind, mime }) {
      if (!isStoredName(file)) return { state: 'none', why: 'No thumbnail of this file.' };
      const unmeasured = { width: null, height: null, duration: null, codecs: null };
      return derived.derive('thumbnail', keyOf(file), join(resolve(inputsDir), file), { kind, mime, ...unmeasured });
    },
    discard: (file) => derived.discard(keyOf(file)),
    close: derived.close,
  };
}
