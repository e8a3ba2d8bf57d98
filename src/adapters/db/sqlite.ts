import { open } from 'node:fs/promises';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import type { Database } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { Prisma, PrismaClient } from './generated/client.ts';
import { fileOf, OneConnection } from './sqlite-connection.ts';
import { withRawStatements } from './sqlite-raw.ts';

const { sql, join } = Prisma;
const BUSY_TIMEOUT_MS = 2000;
const LONG_MS = 3_600_000;

const DIALECT: Dialect = {
  name: 'sqlite',
  migrations: 'migrations',
  ledger: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
    "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  contains: (words) => ({ contains: words }),
  byNoIndex: sql`+`,
  ids: (ids) => sql`SELECT value FROM json_each(${JSON.stringify(ids)})`,
  withWords: (words) =>
    sql`SELECT w.rowid FROM "GenerationWords" w WHERE w."GenerationWords" MATCH ${words.map((word) => `"${word}"*`).join(' ')}`,
  async addWords(tx, rows) {
    const values = join(rows.map(({ id, words }) => sql`(${id}, ${words})`));
    await tx.$executeRaw`INSERT INTO "GenerationWords" (rowid, words) VALUES ${values}`;
  },
  wordsAfter: (id, limit) =>
    sql`SELECT rowid AS id, words FROM "GenerationWords" WHERE rowid > ${id} ORDER BY rowid LIMIT ${limit}`,
  goOnCounting: async () => undefined,
  nodesOf: (jobId, limit) => sql`
    SELECT key AS id, json_extract(value, '$.class_type') AS "classType", json_extract(value, '$._meta.title') AS title
    FROM json_each((SELECT prompt FROM "Graph" WHERE "jobId" = ${jobId})) LIMIT ${limit}`,
  msBetween: (from, to) => sql`MAX(0, julianday(${to}) - julianday(${from})) * 86400000`,
};

/**
 * Opens the file with write-ahead log, full durability (a commit is on disk before it is answered), foreign keys and a busy timeout. The lock is
 * exclusive: a second process on the same data would send every job twice.
 */
export async function openSqlite(url: string): Promise<Database> {
  await ownersOnly(fileOf(url));
  const connection = new OneConnection({ url, timeout: BUSY_TIMEOUT_MS });
  const client = new PrismaClient({
    adapter: connection,
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
  });
  try {
    await client.$queryRaw`PRAGMA locking_mode = EXCLUSIVE`;
    await client.$queryRaw`PRAGMA journal_mode = WAL`;
    await client.$queryRaw`PRAGMA synchronous = FULL`;
    await client.$queryRaw`PRAGMA foreign_keys = ON`;
    await client.$queryRaw`SELECT count(*) FROM sqlite_schema`;
  } catch (error) {
    await client.$disconnect();
    throw refusal(fileOf(url), error);
  }
  const transaction: Database['transaction'] = (work, options) =>
    client.$transaction((tx) => work(withRawStatements(tx, connection.inTransaction())), options);
  return Object.assign(
    withRawStatements(client, (statement) => connection.run(statement)),
    {
      dialect: DIALECT,
      transaction,
      atOneMoment: (work) => transaction(work, { timeout: LONG_MS }),
      close: () => close(client),
    } satisfies Pick<Database, 'dialect' | 'transaction' | 'atOneMoment' | 'close'>,
  );
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
async function close(client: PrismaClient): Promise<void> {
  try {
    await client.$queryRaw`PRAGMA journal_mode = DELETE`;
    await client.$queryRaw`PRAGMA locking_mode = NORMAL`;
    await client.$queryRaw`SELECT count(*) FROM sqlite_schema`;
  } finally {
    await client.$disconnect();
  }
}
