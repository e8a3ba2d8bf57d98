import { lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reserve } from '#src/ports/health.ts';
import { freeBytes } from '../disks/disk.ts';

const PIECE = 1024 * 1024;
const BYTES = 8 * PIECE;
/** On a disk with less room than this the reserve itself would be felt. */
const PLENTY = 20 * BYTES;

/** A file of zeros in `dataDir`, and thumbnails and the like in `thumbsDir`, those of uploads in its `inputs`. */
export function createReserve(dataDir: string, thumbsDir: string): Reserve {
  const file = join(dataDir, 'reserve');
  const sizeOf = (path: string): Promise<number> =>
    lstat(path).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );

  async function remove(path: string): Promise<number> {
    const bytes = await sizeOf(path);
    await rm(path, { force: true });
    return bytes;
  }

  return {
    async keep() {
      const free = await freeBytes(dataDir);
      if (free === null || free < PLENTY || (await sizeOf(file)) === BYTES) return;
      const handle = await open(file, 'w', 0o600);
      try {
        // Written, not only said: a hole in a file takes no room.
        for (let at = 0; at < BYTES; at += PIECE) await handle.write(Buffer.alloc(PIECE, 1), 0, PIECE, at);
      } finally {
        await handle.close();
      }
    },

    async release() {
      let bytes = await remove(file);
      for (const dir of [thumbsDir, join(thumbsDir, 'inputs')])
        for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => []))
          if (entry.isFile()) bytes += await remove(join(dir, entry.name));
      return bytes;
    },
  };
}
