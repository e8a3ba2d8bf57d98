import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { BucketFacts } from '#src/domain/health/bucket-report.ts';
import { type Bucket, CHECKS } from './bucket.ts';

const CONTENT = 'Can be removed.\n';

/** Proves by trying that files can be stored in the bucket, read, listed and deleted. */
async function tryBucket(bucket: Bucket): Promise<void> {
  await bucket.reach();
  const key = `${bucket.prefix}${CHECKS}${randomUUID()}`;
  const dir = await mkdtemp(join(tmpdir(), 'comfyume-check-'));
  try {
    const file = join(dir, 'check');
    await writeFile(file, CONTENT);
    await bucket.upload(file, key, null);
    const found = await bucket.find(key);
    const content = found && (await text(bucket.read(key, found.etag, 0, found.bytes)));
    if (content !== CONTENT)
      throw new Error(`The bucket "${bucket.name}" at ${bucket.host} returns other bytes than were stored there.`);
    await bucket.remove(key);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const checkBucket = (bucket: Bucket): Promise<BucketFacts> =>
  tryBucket(bucket).then(
    () => ({ refused: null }),
    (error: unknown) => ({ refused: error instanceof Error ? error.message : String(error) }),
  );
