import { fullFolder } from '#src/domain/health/disk-report.ts';
import type { DiskSpace } from '#src/ports/health.ts';
import { freeBytes } from './disk.ts';

/** Every submit asks. */
const FRESH_MS = 1000;

/** A folder that does not tell has room: what is wrong with it shows where it is written to. */
export function createDiskSpace(
  dirs: readonly string[],
  clock: { now(): number },
  freeIn: (dir: string) => Promise<number | null> = freeBytes,
): DiskSpace {
  let known: { readonly at: number; readonly full: ReturnType<DiskSpace['full']> } | null = null;
  async function look(): ReturnType<DiskSpace['full']> {
    const rooms = await Promise.all(dirs.map(async (dir) => ({ dir, free: await freeIn(dir).catch(() => null) })));
    return fullFolder(rooms);
  }
  return {
    full() {
      const now = clock.now();
      if (known === null || Math.abs(now - known.at) >= FRESH_MS) known = { at: now, full: look() };
      return known.full;
    },
  };
}
