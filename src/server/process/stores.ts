import { join } from 'node:path';
import { createDrafts } from '#src/adapters/files/disks/drafts.ts';
import { type Bucket, createBucket } from '#src/adapters/files/stores/bucket.ts';
import { createBucketStore } from '#src/adapters/files/stores/bucket-store.ts';
import { createFolderStore } from '#src/adapters/files/stores/folder-store.ts';
import { createLocalCopies } from '#src/adapters/files/stores/local-copies.ts';
import type { Config } from '#src/env.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';

type Stores = {
  readonly results: FileStore;
  readonly derived: FileStore;
  readonly archives: FileStore;
  /** Null = they are in folders. */
  readonly bucket: Bucket | null;
};

/** Below the participants' folders, whose names never begin with a dot. */
const BESIDE_RESULTS = { derived: '.derived/', archives: '.archives/' } as const;

/** Where delivered files are, what is made from them, and archives to download. */
export async function createStores(
  { s3, outputsDir, dataDir }: Pick<Config, 's3' | 'outputsDir' | 'dataDir'>,
  thumbsDir: string,
): Promise<Stores> {
  if (s3 === null)
    return {
      results: createFolderStore(outputsDir, { drafts: '.incoming', durable: true }),
      derived: createFolderStore(thumbsDir, { drafts: '.unfinished', durable: false }),
      archives: createFolderStore(join(dataDir, 'takehome'), { drafts: '.packing', durable: false }),
      bucket: null,
    };
  const bucket = await createBucket(s3);
  const draft = createDrafts(join(outputsDir, '.incoming'));
  const copies = createLocalCopies(createDrafts(join(outputsDir, '.copies')), s3.cacheBytes);
  const storeBelow = (below: string) => createBucketStore(bucket, { below, draft, copies });
  return {
    results: storeBelow(''),
    derived: storeBelow(BESIDE_RESULTS.derived),
    archives: storeBelow(BESIDE_RESULTS.archives),
    bucket,
  };
}
