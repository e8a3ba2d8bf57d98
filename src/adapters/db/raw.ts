import { z } from 'zod';
import { empty, join, raw, type Sql, sql } from './generated/internal/prismaNamespace.ts';

/** What raw statements give: which of these it is depends on the database, and on whether it knows where a value comes from. */
export const date = z.union([z.date(), z.iso.datetime({ offset: true })]).transform((value) => new Date(value));
export const time = date.transform((value) => value.getTime());
export const flag = z.union([z.boolean(), z.number(), z.bigint()]).transform(Boolean);

export type Values = Readonly<Record<string, string | number | bigint | boolean | Date | Uint8Array | null>>;

const named = (column: string): Sql => raw(`"${column}"`);

/** `INSERT INTO` with all of these rows, which have the same columns. */
export function insertInto(table: string, rows: readonly Values[]): Sql {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${join(columns.map((column) => row[column] ?? null))})`);
  return sql`INSERT INTO ${named(table)} (${join(columns.map(named))}) VALUES ${join(values)}`;
}

/** For `SET`. */
export const assignments = (values: Values): Sql =>
  join(Object.entries(values).map(([column, value]) => sql`${named(column)} = ${value}`));

/** For `WHERE`: this one only where it applies. */
export const andIf = (applies: boolean, condition: Sql): Sql => (applies ? sql`AND ${condition}` : empty);
