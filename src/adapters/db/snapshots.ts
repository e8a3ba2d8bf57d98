import type { Snapshots } from '#src/ports/backup.ts';
import type { Database } from './connection.ts';

export function createSnapshots(db: Database): Snapshots {
  return {
    /** Nothing else is read or written meanwhile: about a second for 100,000 results. */
    async write(file) {
      await db.$executeRaw`VACUUM INTO ${file}`;
    },
    async files() {
      const results = await db.result.findMany({
        where: { deliveredAt: { not: null } },
        select: { path: true, bytes: true, sha256: true },
      });
      const inputs = await db.input.findMany({
        distinct: ['file'],
        select: { file: true, bytes: true, sha256: true },
      });
      return [
        ...results.map(({ path, bytes, sha256 }) => ({ root: 'outputs' as const, path, bytes: Number(bytes), sha256 })),
        ...inputs.map(({ file, bytes, sha256 }) => ({
          root: 'inputs' as const,
          path: file,
          bytes: Number(bytes),
          sha256,
        })),
      ];
    },
  };
}
