import type { Client, Config, InStatement, ResultSet } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { AppError } from '#src/domain/errors.ts';
import { openStatements } from './sqlite-statements.ts';

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
export class OneConnection extends PrismaLibSql {
  #execute: ((statement: InStatement) => Promise<ResultSet>) | null = null;
  #open: { readonly ended: Promise<void> } | null = null;

  /** Runs a statement past Prisma, when no transaction is open. */
  async run(statement: InStatement): Promise<ResultSet> {
    while (this.#open) await this.#open.ended;
    if (!this.#execute) throw new Error('The database is not open yet.');
    return this.#execute(statement);
  }

  /** Runs statements past Prisma in the transaction that is open now, and in no other. */
  inTransaction(): (statement: InStatement) => Promise<ResultSet> {
    const [open, execute] = [this.#open, this.#execute];
    return async (statement) => {
      if (!open || !execute || this.#open !== open)
        throw new Error('The transaction has taken too long, and is over. Nothing of it was stored.');
      return execute(statement);
    };
  }

  override createClient({ url, timeout }: Config): Client {
    const file = fileOf(url);
    const statements = openStatements(file, timeout);
    const execute = async (statement: InStatement): Promise<ResultSet> => {
      try {
        return statements.execute(statement);
      } catch (error) {
        throw explained(error, file);
      }
    };
    this.#execute = execute;
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
      let tellEnd: () => void = () => undefined;
      this.#open = { ended: new Promise((resolve) => (tellEnd = resolve)) };
      const end = async (sql: 'COMMIT' | 'ROLLBACK') => {
        if (!open) return;
        open = false;
        try {
          if (sql === 'ROLLBACK') return await rollBack();
          await execute(sql);
        } catch (error) {
          // A commit that fails may leave the transaction open, and the next one to commit would store what was refused here.
          if (sql === 'COMMIT') await rollBack();
          throw error;
        } finally {
          this.#open = null;
          tellEnd();
        }
      };
      return {
        execute,
        batch: (all) => Promise.all(all.map(execute)),
        executeMultiple: async (sql) => statements.script(sql),
        commit: () => end('COMMIT'),
        rollback: () => end('ROLLBACK'),
        close: () => void end('ROLLBACK'),
        get closed() {
          return !open;
        },
      };
    };
    const notHere = (): never => {
      throw new Error('Prisma does not ask for this.');
    };
    return {
      execute,
      transaction: begin,
      executeMultiple: async (sql) => statements.script(sql),
      close: statements.close,
      batch: notHere,
      migrate: notHere,
      sync: notHere,
      reconnect: notHere,
      closed: false,
      protocol: 'file',
    };
  }
}

export const fileOf = (url: string): string => url.replace(/^file:/, '');
