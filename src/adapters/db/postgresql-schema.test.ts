import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { Database } from './connection.ts';
import { openFresh } from './fresh-database.testing.ts';
import { PRISMA } from './new-database.testing.ts';
import { fromSchema, sorted, type Table } from './schema-tables.testing.ts';

/** PostgreSQL's names of the types that the schema knows by SQLite's. */
const TYPES: Readonly<Record<string, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  'double precision': 'REAL',
  boolean: 'BOOLEAN',
  'timestamp without time zone': 'DATETIME',
  bytea: 'BLOB',
};

const columns = z.array(
  z.object({
    table: z.string(),
    name: z.string(),
    type: z.string(),
    nullable: z.boolean(),
    default: z.string().nullable(),
    collation: z.string().nullable(),
  }),
);
const indexes = z.array(
  z.object({ table: z.string(), columns: z.array(z.string()), unique: z.boolean(), primary: z.boolean() }),
);
const keys = z.array(
  z.object({ of: z.string(), from: z.string(), table: z.string(), to: z.string(), onDelete: z.string() }),
);
const ON_DELETE: Readonly<Record<string, string>> = { c: 'CASCADE', r: 'RESTRICT', n: 'SET NULL' };

async function fromPostgresql(db: Database): Promise<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  const at = (name: string) => (tables[name] ??= { columns: {}, unique: [], indexes: [], foreignKeys: [] });
  for (const column of columns.parse(
    await db.$queryRaw`
      SELECT table_name AS "table", column_name AS name, data_type AS type, is_nullable = 'YES' AS nullable,
        CASE WHEN is_generated = 'ALWAYS' THEN NULL ELSE column_default END AS "default", collation_name AS collation
      FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'GenerationWords')`,
  )) {
    // Compared byte by byte, as SQLite does.
    expect([column.table, column.name, column.collation]).toEqual([
      column.table,
      column.name,
      column.type === 'text' ? 'C' : null,
    ]);
    at(column.table).columns[column.name] = {
      type: TYPES[column.type] ?? column.type,
      nullable: column.nullable,
      default: column.default?.startsWith('nextval(') ? null : (column.default?.replace(/::text$/, '') ?? null),
      key: false,
    };
  }
  for (const { table, columns, unique, primary } of indexes.parse(
    await db.$queryRaw`
      SELECT t.relname AS "table", i.indisunique AS "unique", i.indisprimary AS "primary",
        array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY k.place) AS columns
      FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      WHERE n.nspname = 'public' AND t.relname NOT IN ('_prisma_migrations', 'GenerationWords')`,
  )) {
    const key = at(table).columns[columns[0] ?? ''];
    if (primary && key) key.key = true;
    else (unique ? at(table).unique : at(table).indexes).push(columns.join(','));
  }
  for (const { of, onDelete, ...key } of keys.parse(
    await db.$queryRaw`
      SELECT o.relname AS "of", a.attname AS "from", t.relname AS "table", b.attname AS "to", c.confdeltype::text AS "onDelete"
      FROM pg_constraint c JOIN pg_class o ON o.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = t.oid AND b.attnum = c.confkey[1]
      WHERE c.contype = 'f' AND o.relname <> 'GenerationWords'`,
  ))
    at(of).foreignKeys.push({ ...key, onDelete: ON_DELETE[onDelete] ?? onDelete });
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, sorted(table)]));
}

test.runIf(inject('postgresql') !== null)(
  'migrations of PostgreSQL make what the schema asks for: columns, defaults, uniques, indexes, foreign keys',
  async () => {
    const { db, close } = await openFresh();
    try {
      expect(await fromPostgresql(db)).toEqual(fromSchema(await readFile(join(PRISMA, 'schema.prisma'), 'utf8')));
    } finally {
      await close();
    }
  },
);
