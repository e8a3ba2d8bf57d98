import type { FileFacts } from '#src/domain/file-facts.ts';
import type { Derived } from '#src/domain/files/derived.ts';
import type { Log } from '#src/ports/log.ts';
import { createFolderStore } from '../stores/folder-store.ts';
import { createDerived } from './derived.ts';

const pathOf = async (file: string): Promise<string> => file;

/** In a folder, from a file by its path; gives what is made by its path too. */
export function derivedIn(dir: string, options: { now: () => number; log: Log }) {
  const derived = createDerived(createFolderStore(dir, { drafts: '.unfinished', durable: false }), options);
  return {
    ...derived,
    async derive(what: Derived, id: string, file: string, facts: FileFacts) {
      const made = await derived.derive(what, id, (use) => use(file), facts);
      return made.state === 'there' ? { ...made, file: await made.local(pathOf) } : made;
    },
  };
}
