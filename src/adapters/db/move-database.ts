import { AppError } from '#src/domain/errors.ts';
import { type Database, isPostgresql, openDatabase } from './connection.ts';
import { compareDatabases, copyDatabase } from './copy-database.ts';
import { copyUnderWay, markCopy, migrate } from './migrate.ts';

/** Without a password. */
export function toldAs(url: string): string {
  if (!isPostgresql(url)) return url;
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}

async function isEmpty(db: Database): Promise<boolean> {
  return (await db.user.count({ take: 1 })) === 0 && (await db.setting.count({ take: 1 })) === 0;
}

/** Nobody else has this database, it has all tables, and it holds nothing but the beginning of a copy of the same. */
async function openTarget(url: string, prismaDir: string, of: string): Promise<Database> {
  const db = await openDatabase(url);
  try {
    await migrate(db, prismaDir);
    const before = await copyUnderWay(db);
    if (before !== null && before !== of)
      throw new AppError('conflict', `${toldAs(url)} is an unfinished copy of ${before}. Empty it, and begin again.`);
    if (before === null && !(await isEmpty(db)))
      throw new AppError(
        'conflict',
        `${toldAs(url)} is not empty. Nothing is ever overwritten: name an empty database.`,
      );
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/**
 * Copies all of a database to an empty one of either kind, and compares them row by row. Gives how many rows there are. One that was broken off goes on when
 * it is asked for again; until it is through, the copy cannot be started.
 */
export async function moveDatabase(
  from: Database,
  { source, target, prismaDir }: { source: string; target: string; prismaDir: string },
  copied: (rows: number) => void,
): Promise<number> {
  const of = toldAs(source);
  const to = await openTarget(target, prismaDir, of);
  try {
    await markCopy(to, of);
    const rows = await from.atOneMoment(async (tx) => {
      const read = { dialect: from.dialect, tx };
      await copyDatabase(read, to, copied);
      return compareDatabases(read, { dialect: to.dialect, tx: to });
    });
    await markCopy(to, null);
    return rows;
  } finally {
    await to.close();
  }
}
