import { channel } from 'node:diagnostics_channel';
import { type InStatement, type InValue, LibsqlError, type ResultSet, type Row, type Value } from '@libsql/client';
import Database from 'libsql';
import { LRUCache } from 'lru-cache';

/** Who counts statements listens here; it costs nothing while nobody does. */
const executed = channel('comfyume:sql');

const MAX_PREPARED = 500;
/** Whatever else may change tables, and with them what a statement gives. */
const IS_KEPT = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK)\b/i;

type Prepared = {
  readonly statement: Database.Statement;
  /** Null = it gives no rows. */
  readonly columns: { readonly names: string[]; readonly types: string[] } | null;
};

/** SQLite has no other types. */
function toSql(value: InValue): number | bigint | string | Buffer | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value;
}

function fromSql(value: unknown): Value {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value);
      if (Number.isSafeInteger(number)) return number;
      throw new RangeError(`The database holds a whole number that is too large: ${value}.`);
    }
    case 'string':
    case 'number':
      return value;
    default:
      return Buffer.isBuffer(value) ? new Uint8Array(value).buffer : null;
  }
}

function toRow(values: unknown): Row {
  const cells: unknown[] = Array.isArray(values) ? values : [];
  const row: Row = { length: cells.length };
  for (const [index, cell] of cells.entries()) row[index] = fromSql(cell);
  return row;
}

/**
 * Runs statements, and keeps them prepared: measured, preparing one and asking for its columns took as long as running it. Of libsql's client, which
 * prepares each anew, only the shape of what it gives remains, for Prisma's adapter.
 */
export function openStatements(file: string, timeout = 0) {
  const db = new Database(file, { timeout });
  const kept = new LRUCache<string, Prepared>({ max: MAX_PREPARED });

  function prepare(sql: string): Prepared {
    const known = kept.get(sql);
    if (known) return known;
    const statement = db.prepare(sql).safeIntegers(true);
    const isReader = statement.reader;
    const columns = isReader ? statement.raw(true).columns() : [];
    const prepared = {
      statement,
      columns: isReader
        ? { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type ?? '') }
        : null,
    };
    if (IS_KEPT.test(sql)) kept.set(sql, prepared);
    else kept.clear();
    return prepared;
  }

  function run(sql: string, args: unknown[]): ResultSet {
    const { statement, columns } = prepare(sql);
    const rows = columns === null ? [] : statement.all(args).map(toRow);
    return {
      columns: columns?.names ?? [],
      columnTypes: columns?.types ?? [],
      rows,
      rowsAffected: columns === null ? statement.run(args).changes : 0,
      lastInsertRowid: undefined,
      toJSON: () => ({}),
    };
  }

  function named<T>(sql: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      kept.delete(sql);
      if (error instanceof Database.SqliteError)
        throw new LibsqlError(error.message, error.code, undefined, error.rawCode, error);
      throw error;
    }
  }

  return {
    execute(statement: InStatement): ResultSet {
      const { sql, args } = typeof statement === 'string' ? { sql: statement, args: [] } : statement;
      if (executed.hasSubscribers) executed.publish(sql);
      if (!Array.isArray(args)) throw new TypeError('Values are given by their place.');
      return named(sql, () => run(sql, args.map(toSql)));
    },
    script(sql: string): void {
      kept.clear();
      named(sql, () => db.exec(sql));
    },
    close(): void {
      kept.clear();
      db.close();
    },
  };
}
