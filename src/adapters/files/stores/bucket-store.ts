import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#src/domain/errors.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';
import { plainPath } from '../disks/confined.ts';
import type { Bucket } from './bucket.ts';
import type { LocalCopies } from './local-copies.ts';

type Place = {
  /** Below the bucket's own prefix; ends with `/`, or is empty. */
  readonly below: string;
  readonly draft: (name: string) => string;
  readonly copies: LocalCopies;
};

/** Files in a bucket: the path of each is its key. */
export function createBucketStore(bucket: Bucket, { below, draft, copies }: Place): FileStore {
  const prefix = bucket.prefix + below;
  const keyOf = (path: string): string => prefix + plainPath(path);

  return {
    draft,
    size: async (path) => (await bucket.find(keyOf(path)))?.bytes ?? null,

    async sha256(path) {
      const key = keyOf(path);
      const found = await bucket.find(key);
      if (found?.sha256) return found.sha256;
      const hash = createHash('sha256');
      if (found && found.bytes > 0) await pipeline(bucket.read(key, found.etag, 0, found.bytes), hash);
      return hash.digest('hex');
    },

    async open(path) {
      const key = keyOf(path);
      const found = await bucket.find(key);
      if (!found) return null;
      const { bytes, etag, modifiedAt } = found;
      const copy = await copies.open({ key, etag, bytes });
      if (copy) return { ...copy, modifiedAt };
      return { bytes, modifiedAt, read: (from, to) => bucket.read(key, etag, from, to), close: async () => undefined };
    },

    async local(path, use) {
      const key = keyOf(path);
      const found = await bucket.find(key);
      if (!found) throw new AppError('not_found', `"${path}" no longer exists.`);
      const { bytes, etag } = found;
      const fill = (file: string) =>
        pipeline(bytes > 0 ? bucket.read(key, etag, 0, bytes) : [], createWriteStream(file, { flags: 'wx' }));
      return copies.use({ key, etag, bytes }, fill, use);
    },

    async put(made, path, sha256) {
      const key = keyOf(path);
      const { size: bytes } = await stat(made);
      const etag = await bucket.upload(made, key, sha256);
      if (etag === '') await rm(made);
      else await copies.adopt({ key, etag, bytes }, made);
    },

    async remove(path) {
      const key = keyOf(path);
      await bucket.remove(key);
      copies.forget(key);
    },

    async folders() {
      const newest = new Map<string, number>();
      for await (const { key, modifiedAt } of bucket.list(prefix)) {
        const [name, ...more] = key.slice(prefix.length).split('/');
        if (name !== undefined && more.length > 0) newest.set(name, Math.max(modifiedAt, newest.get(name) ?? 0));
      }
      return [...newest].map(([name, changedAt]) => ({ name, changedAt }));
    },

    async removeFolder(name) {
      for await (const { key } of bucket.list(`${keyOf(name)}/`)) {
        await bucket.remove(key);
        copies.forget(key);
      }
    },
  };
}
