import { spawnSync } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Room for everything, and more than what intake wants to see free. */
const SIZE = '260m';
const CHUNK = Buffer.alloc(4 * 1024 * 1024, 1);

export type SmallDisk = {
  /** Leaves so many bytes free. */
  fill(leaveBytes: number): Promise<void>;
  empty(): Promise<void>;
  unmount(): void;
};

/** A disk of its own for the participants' files, small enough to be filled. Says why not where mounting is not allowed. */
export async function mountSmallDisk(dir: string): Promise<SmallDisk | { readonly whyNot: string }> {
  await mkdir(dir, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'comfyume-chaos', dir], {
    encoding: 'utf8',
  });
  if (mounted.status !== 0)
    return {
      whyNot: `no disk can be mounted here (${mounted.error?.message ?? mounted.stderr.trim()}); it takes root`,
    };
  const ballast = join(dir, '.ballast');
  return {
    async fill(leaveBytes) {
      const handle = await open(ballast, 'w');
      try {
        for (;;) {
          const { bavail, bsize } = await statfs(dir);
          const left = Math.min(CHUNK.length, bavail * bsize - leaveBytes);
          if (left <= 0) return;
          await handle.write(CHUNK, 0, left);
        }
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        await handle.close();
      }
    },
    empty: () => rm(ballast, { force: true }),
    unmount: () => void spawnSync('umount', ['-l', dir]),
  };
}
