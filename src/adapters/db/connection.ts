import { open } from 'node:fs/promises';
import { type Client, type Config, createClient, type InStatement } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { PrismaClient } from './generated/client.ts';

const isFull = (error: unknown): boolean => error instanceof Error && error.message.includes('SQLITE_FULL');

const isDamaged = (error: unknown): boolean =>
  error instanceof Error && /SQLITE_CORRUPT|disk image is malformed/.test(error.message);

const damaged = (file: string, cause: unknown): AppError =>
  new AppError(
    'internal',
    `The database ${file} is damaged. Stop comfyume, move that file away, and restore the newest backup (npm run restore, docs/backup.md).`,
    { cause },
  );

/** Prisma puts words of its own in the place of an error that has a code, so what the person should read goes along as the cause. */
const explained = (error: unknown, file: string): unknown => {
  if (isDamaged(error)) return new Error('The database is damaged.', { cause: damaged(file, error) });
  return isFull(error)
    ? new Error('The database could not be written to: its disk is full.', {
        cause: new AppError(
          'storage_full',
          'The server’s disk is full, so nothing can be changed. Your work is safe. Tell the teacher, who needs to free up space.',
          { cause: error },
        ),
      })
    : error;
};

/** SQLite takes a transaction back by itself when the disk is full. */
const isOver = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('no transaction is active');

/**
 * libsql's client opens a new connection after every transaction and leaves the old one to the garbage collector. Prisma's adapter holds a lock for
 * the whole of a transaction, so one connection can serve everything: measured, a submit costs half as much.
 */
class OneConnection extends PrismaLibSql {
  override createClient(config: Config): Client {
    const client = createClient(config);
    const execute = (statement: InStatement) =>
      client.execute(statement).catch((error: unknown) => {
        throw explained(error, fileOf(config.url));
      });
    const rollBack = async () => {
      try {
        await execute('ROLLBACK');
      } catch (error) {
        if (!isOver(error)) throw error;
      }
    };
    const begin: Client['transaction'] = async () => {
      await execute('BEGIN IMMEDIATE');
      let open = true;
      const end = async (sql: 'COMMIT' | 'ROLLBACK') => {
        if (!open) return;
        open = false;
        if (sql === 'ROLLBACK') return rollBack();
        try {
          await execute(sql);
        } catch (error) {
          // A commit that fails may leave the transaction open, and the next one to commit would store what was refused here.
          await rollBack();
          throw error;
        }
      };
      return {
        execute,
        batch: (statements) => Promise.all(statements.map(execute)),
        executeMultiple: (sql) => client.executeMultiple(sql),
        commit: () => end('COMMIT'),
        rollback: () => end('ROLLBACK'),
        close: () => void end('ROLLBACK'),
        get closed() {
          return !open;
        },
      };
    };
    return new Proxy(client, {
      get(target, key) {
        if (key === 'transaction') return begin;
        if (key === 'execute') return execute;
        const member: unknown = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }
}

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

const fileOf = (url: string): string => url.replace(/^file:/, '');

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
