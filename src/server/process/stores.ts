import { join } from 'node:path';
import { createFolderStore } from '#src/adapters/files/stores/folder-store.ts';
import type { Config } from '#src/env.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';

export type Stores = { readonly results: FileStore; readonly derived: FileStore; readonly archives: FileStore };

/** Where delivered files are, what is made from them, and archives to download. */
export function createStores(config: Config, thumbsDir: string): Stores {
  return {
    results: createFolderStore(config.outputsDir, { drafts: '.incoming', durable: true }),
    derived: createFolderStore(thumbsDir, { drafts: '.unfinished', durable: false }),
    archives: createFolderStore(join(config.dataDir, 'takehome'), { drafts: '.packing', durable: false }),
  };
}
