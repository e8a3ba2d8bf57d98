import { open } from 'node:fs/promises';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { PrismaClient } from './generated/client.ts';
import { fileOf, OneConnection } from './sqlite-connection.ts';

const BUSY_TIMEOUT_MS = 2000;

export type Database = PrismaClient;
export type Transaction = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'>;

/**
 * Opens the SQLite file with write-ahead log, full durability (a commit is on disk before it is answered), foreign keys and a busy timeout. The lock is
 * exclusive: a second process on the same data would send every job twice.
 */
export async function openDatabase(url: string): Promise<Database> {
  await ownersOnly(fileOf(url));
  const db = new PrismaClient({
    adapter: new OneConnection({ url, timeout: BUSY_TIMEOUT_MS }),
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
  });
  try {
    await db.$queryRaw`PRAGMA locking_mode = EXCLUSIVE`;
    await db.$queryRaw`PRAGMA journal_mode = WAL`;
    await db.$queryRaw`PRAGMA synchronous = FULL`;
    await db.$queryRaw`PRAGMA foreign_keys = ON`;
    await db.$queryRaw`SELECT count(*) FROM sqlite_schema`;
  } catch (error) {
    await db.$disconnect();
    throw refusal(fileOf(url), error);
  }
  return db;
}

/** Passphrases' hashes are in it. Its log gets the same rights from SQLite. */
async function ownersOnly(file: string): Promise<void> {
  try {
    const handle = await open(file, 'a', 0o600);
    try {
      await handle.chmod(0o600);
    } finally {
      await handle.close();
    }
  } catch {
    // What is wrong with the file is told by who opens it as a database; where rights cannot be set, there are none.
  }
}

function refusal(file: string, cause: unknown): AppError {
  const known = appErrorIn(cause);
  if (known) return known;
  const said = cause instanceof Error ? cause.message : String(cause);
  if (said.includes('SQLITE_BUSY'))
    return new AppError(
      'conflict',
      `The database ${file} is in use by another process, most likely another comfyume. Stop that one, or set DATA_DIR to another folder.`,
      { cause },
    );
  if (said.includes('SQLITE_NOTADB'))
    return new AppError(
      'conflict',
      `The file ${file} is not a comfyume database. Move it away or set DATA_DIR to another folder.`,
      { cause },
    );
  return new AppError(
    'internal',
    `The database ${file} cannot be opened. Check DATA_DIR and DATABASE_URL. (${said.trim().split('\n').at(-1)})`,
    { cause },
  );
}

/** Leaves one file without a log beside it. libsql keeps a closed connection, and its lock, until the garbage collector comes: the lock is given up first. */
export async function closeDatabase(db: Database): Promise<void> {
  try {
    await db.$queryRaw`PRAGMA journal_mode = DELETE`;
    await db.$queryRaw`PRAGMA locking_mode = NORMAL`;
    await db.$queryRaw`SELECT count(*) FROM sqlite_schema`;
  } finally {
    await db.$disconnect();
  }
}
