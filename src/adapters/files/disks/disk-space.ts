import { fullFolder } from '#src/domain/health/disk-report.ts';
import type { DiskSpace } from '#src/ports/health.ts';
import { freeBytes } from './disk.ts';

/** Every submit asks. */
const FRESH_MS = 1000;

/** A folder that does not tell has room: what is wrong with it shows where it is written to. That there is room is known for a second; room that was made, at once. */
export function createDiskSpace(
  dirs: readonly string[],
  clock: { now(): number },
  freeIn: (dir: string) => Promise<number | null> = freeBytes,
): DiskSpace {
  let hadRoomAt = Number.NEGATIVE_INFINITY;
  return {
    async full() {
      const now = clock.now();
      if (Math.abs(now - hadRoomAt) < FRESH_MS) return null;
      const rooms = await Promise.all(dirs.map(async (dir) => ({ dir, free: await freeIn(dir).catch(() => null) })));
      const full = fullFolder(rooms);
      if (full === null) hadRoomAt = now;
      return full;
    },
  };
}
