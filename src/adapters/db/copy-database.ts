import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import type { Database, Transaction } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { empty, raw, type Sql, sql } from './generated/internal/prismaNamespace.ts';
import { insertInto } from './raw.ts';

type Table = {
  readonly name: string;
  readonly key: string;
  /** The database gives its rows their numbers. */
  readonly isNumbered?: true;
  /** A row may have megabytes. */
  readonly isLarge?: true;
};
type Row = Record<string, string | number | bigint | boolean | Date | Uint8Array | null>;

/** All of them, each after those that it names. */
export const TABLES: readonly Table[] = [
  { name: 'JoinCode', key: 'id' },
  { name: 'User', key: 'id' },
  { name: 'Session', key: 'id' },
  { name: 'PersonalToken', key: 'id' },
  { name: 'Endpoint', key: 'id' },
  { name: 'Input', key: 'id' },
  { name: 'Job', key: 'id', isLarge: true },
  { name: 'Graph', key: 'jobId', isLarge: true },
  { name: 'Attempt', key: 'id', isLarge: true },
  { name: 'Duplicate', key: 'id', isLarge: true },
  { name: 'JobInput', key: 'id', isNumbered: true },
  { name: 'GenerationMetadata', key: 'id', isNumbered: true },
  { name: 'GenerationLora', key: 'id', isNumbered: true },
  { name: 'Result', key: 'id' },
  { name: 'SearchTerm', key: 'id', isNumbered: true },
  { name: 'Event', key: 'id', isNumbered: true },
  { name: 'ApiRequest', key: 'id' },
  { name: 'RemovedInput', key: 'file' },
  { name: 'ComfyuiSetting', key: 'id', isNumbered: true, isLarge: true },
  { name: 'ComfyuiFile', key: 'id', isNumbered: true, isLarge: true },
  { name: 'Setting', key: 'key', isLarge: true },
  { name: 'AuditEvent', key: 'id', isNumbered: true },
  { name: 'ClientLog', key: 'id', isNumbered: true },
  { name: 'Workflow', key: 'id', isLarge: true },
  { name: 'IgnoredOrphan', key: 'path' },
  { name: 'ScaleInProtection', key: 'deployment' },
];

/** The database computes it. */
const COMPUTED = 'listedMessage';
const ROWS = 500;
const LARGE_ROWS = 10;

const value = z.union([z.string(), z.number(), z.bigint(), z.boolean(), z.date(), z.instanceof(Uint8Array), z.null()]);
const rowsOf = z.array(z.record(z.string(), value));
const words = z.array(z.object({ id: z.coerce.number(), words: z.string() }));

/** Sessions of tabs name the session that they were opened from: those come first. */
const passesOf = ({ name }: Table): Sql[] =>
  name === 'Session' ? [sql`"parentId" IS NULL`, sql`"parentId" IS NOT NULL`] : [sql`TRUE`];

async function piece(db: Transaction, table: Table, pass: Sql, after: Row[string] | undefined): Promise<Row[]> {
  const [name, key] = [raw(`"${table.name}"`), raw(`"${table.key}"`)];
  const rows = rowsOf.parse(
    await db.$queryRaw(sql`
      SELECT * FROM ${name} WHERE ${pass} ${after === undefined ? empty : sql`AND ${key} > ${after}`}
      ORDER BY ${key} LIMIT ${table.isLarge ? LARGE_ROWS : ROWS}`),
  );
  for (const row of rows) delete row[COMPUTED];
  return rows;
}

async function* pieces(db: Transaction, table: Table): AsyncGenerator<Row[]> {
  for (const pass of passesOf(table)) {
    let after: Row[string] | undefined;
    for (;;) {
      const rows = await piece(db, table, pass, after);
      if (rows.length > 0) yield rows;
      after = rows.at(-1)?.[table.key];
      if (after === undefined) break;
    }
  }
}

/** The words that a search looks for are in a table of another kind in each database. */
async function* wordsIn({ dialect, tx }: CopySource) {
  for (let after = 0; ; ) {
    const rows = words.parse(await tx.$queryRaw(dialect.wordsAfter(after, ROWS)));
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.id;
  }
}

/** PostgreSQL keeps no NUL. */
const plain = (text: string): string => text.replaceAll('\0', '\uFFFD');

/** The same for a row in either database. */
const told = (row: Row): string =>
  JSON.stringify(
    Object.entries(row)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, value]) => {
        if (typeof value === 'string') return plain(value);
        if (typeof value === 'bigint') return Number(value);
        return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
      }),
  );

/** What is read is read at one moment: within a transaction, or where nobody else writes. */
export type CopySource = { readonly dialect: Dialect; readonly tx: Transaction };

/** Copies all rows, and passes over those that are there: one that was broken off goes on. */
export async function copyDatabase(from: CopySource, to: Database, copied: (rows: number) => void): Promise<void> {
  for (const table of TABLES) {
    for await (const rows of pieces(from.tx, table)) {
      await to.$executeRaw(sql`${insertInto(table.name, rows)} ON CONFLICT DO NOTHING`);
      copied(rows.length);
      await nextTurn();
    }
    if (table.isNumbered) await to.dialect.goOnCounting(to, table.name);
  }
  const there = new Set<number>();
  for await (const rows of wordsIn({ dialect: to.dialect, tx: to })) for (const { id } of rows) there.add(id);
  for await (const rows of wordsIn(from)) {
    const missing = rows.filter(({ id }) => !there.has(id));
    if (missing.length > 0) await to.dialect.addWords(to, missing);
    await nextTurn();
  }
}

const differs = (what: string) =>
  new AppError('conflict', `The copy differs from what was copied, at ${what}. Empty the target and begin again.`);

/** Compares all rows, one by one. Gives how many there are. */
export async function compareDatabases(from: CopySource, to: CopySource): Promise<number> {
  let compared = 0;
  for (const table of TABLES) {
    const others = pieces(to.tx, table);
    for await (const rows of pieces(from.tx, table)) {
      const { value: found } = await others.next();
      for (const [index, row] of rows.entries()) {
        const other = found?.[index];
        if (other === undefined || told(row) !== told(other)) throw differs(`${table.name} ${String(row[table.key])}`);
      }
      if (found && found.length > rows.length) throw differs(`the end of ${table.name}`);
      compared += rows.length;
      await nextTurn();
    }
    if (!(await others.next()).done) throw differs(`the end of ${table.name}`);
  }
  const others = wordsIn(to);
  for await (const rows of wordsIn(from)) {
    const { value: found } = await others.next();
    for (const [index, row] of rows.entries())
      if (found?.[index]?.id !== row.id || plain(found[index].words) !== plain(row.words))
        throw differs(`the words of ${row.id}`);
  }
  return compared;
}
