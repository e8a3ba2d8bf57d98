import { basename, dirname } from 'node:path';
import PQueue from 'p-queue';
import { blake3OfFile } from '#src/adapters/files/content-hash.ts';
import { openInside } from '#src/adapters/files/disks/confined.ts';
import type { BoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import type { Asset, ContentHasher, ContentHashes } from '#src/ports/api-v2/assets.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';

type Deps = {
  contentHashes: Pick<ContentHashes, 'record'>;
  gallery: Pick<Gallery, 'local'>;
  boundedCalls: BoundedCalls;
  log: Log;
};

const MAX_WAITING = 1000;

const factsOf = (asset: Asset) => (asset.type === 'input' ? asset.input : asset.result);

/** Hashes one file after another. Programs that ask for an asset do not wait for its hash. */
export function createContentHasher(
  { contentHashes, gallery, boundedCalls, log }: Deps,
  inputsDir: string,
): ContentHasher {
  const queue = new PQueue({ concurrency: 1 });
  const waiting = new Set<string>();
  const stopping = new AbortController();

  const hash = (asset: Asset): Promise<void> =>
    asset.type === 'input'
      ? hashFile(asset, `${inputsDir}/${asset.input.file}`)
      : gallery.local(asset.result.path, (file) => hashFile(asset, file));

  async function hashFile(asset: Asset, file: string): Promise<void> {
    const ofShare = <T>(call: () => Promise<T>): Promise<T> =>
      asset.type === 'input' ? boundedCalls(`hashing “${basename(file)}”`, call) : call();
    const handle = await ofShare(() => openInside(dirname(file), basename(file)));
    if (typeof handle === 'string') return;
    try {
      const blake3 = await blake3OfFile((...at) => ofShare(() => handle.read(...at)), stopping.signal);
      if (blake3 !== null) await contentHashes.record(asset, blake3);
    } finally {
      // On a share that hangs, closing waits for the read that was given up.
      handle.close().catch(() => undefined);
    }
  }

  return {
    request(assets) {
      for (const asset of assets) {
        const { id, blake3 } = factsOf(asset);
        if (blake3 !== null || waiting.has(id) || waiting.size >= MAX_WAITING || stopping.signal.aborted) continue;
        waiting.add(id);
        const work = () =>
          hash(asset).catch((error: unknown) => log.debug({ err: error, id }, 'could not hash a file'));
        void queue.add(work).finally(() => waiting.delete(id));
      }
    },
    async close() {
      stopping.abort();
      queue.clear();
      await queue.onIdle();
    },
  };
}
