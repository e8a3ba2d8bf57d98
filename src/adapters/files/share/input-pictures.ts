import { join, resolve } from 'node:path';
import { isStoredName } from '#src/domain/files/inputs.ts';
import type { InputPictures } from '#src/ports/inputs.ts';
import type { Log } from '#src/ports/log.ts';
import { createDerived } from '../media/derived.ts';
import { createFolderStore } from '../stores/folder-store.ts';

const keyOf = (file: string): string => file.slice(0, file.indexOf('.'));

/** Thumbnails of the uploads in `inputsDir`, kept in `thumbsDir` under the hash of their content. */
export function createInputPictures(inputsDir: string, thumbsDir: string, log: Log): InputPictures {
  const store = createFolderStore(thumbsDir, { drafts: '.unfinished', durable: false });
  const derived = createDerived(store, { now: Date.now, log });
  return {
    async thumbnail({ file, kind, mime }) {
      if (!isStoredName(file)) return { state: 'none', why: 'No thumbnail of this file.' };
      const unmeasured = { width: null, height: null, duration: null, codecs: null };
      const source = join(resolve(inputsDir), file);
      return derived.derive('thumbnail', keyOf(file), (use) => use(source), { kind, mime, ...unmeasured });
    },
    discard: (file) => derived.discard(keyOf(file)),
    close: derived.close,
  };
}
