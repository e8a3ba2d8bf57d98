import { open } from 'node:fs/promises';
import type { Snapshots } from '#src/ports/files/backup.ts';
import type { Database } from './connection.ts';
import { copyDatabase } from './copy-database.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

async function writeCopy(db: Database, file: string, prismaDir: string): Promise<void> {
  const copy = await openSqlite(`file:${file}`);
  try {
    // It is whole or thrown away, so only its end has to reach the disk.
    await copy.$queryRaw`PRAGMA synchronous = OFF`;
    await migrate(copy, prismaDir);
    await db.atOneMoment((tx) => copyDatabase({ dialect: db.dialect, tx }, copy, () => undefined));
  } finally {
    await copy.close();
  }
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A backup is a file of SQLite whichever database it is of, so that it can be restored to either. */
export function createSnapshots(db: Database, prismaDir: string): Snapshots {
  return {
    async write(file) {
      // Nothing else is read or written meanwhile: about a second for 100,000 results.
      if (db.dialect.name === 'sqlite') await db.$executeRaw`VACUUM INTO ${file}`;
      else await writeCopy(db, file, prismaDir);
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
