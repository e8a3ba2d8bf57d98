import { fullFolder } from '#src/domain/health/disk-report.ts';
import type { DiskSpace } from '#src/ports/health.ts';
import { freeBytes } from './disk.ts';

/** A folder that does not tell has room: what is wrong with it shows where it is written to. */
export const createDiskSpace = (
  dirs: readonly string[],
  freeIn: (dir: string) => Promise<number | null> = freeBytes,
): DiskSpace => ({
  async full() {
    const rooms = await Promise.all(dirs.map(async (dir) => ({ dir, free: await freeIn(dir).catch(() => null) })));
    return fullFolder(rooms);
  },
});
