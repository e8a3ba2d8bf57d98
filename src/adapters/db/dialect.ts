import type { Transaction } from './connection.ts';
import type { Prisma } from './generated/client.ts';

export type WordsRow = { readonly id: number; readonly words: string };

/** Where SQLite and PostgreSQL have to be asked in different words. All else is the same statement for both. */
export type Dialect = {
  readonly name: 'sqlite' | 'postgresql';
  /** Where its migrations are, below prisma/. */
  readonly migrations: string;
  /** The table in which they are recorded, made as Prisma makes it. */
  readonly ledger: string;
  /** A text that has these words anywhere, in capitals or not. */
  contains(words: string): { contains: string };
  /** Put before a column, so that no index is used for it. */
  readonly byNoIndex: Prisma.Sql;
  /** These ids, as rows. */
  ids(ids: readonly string[]): Prisma.Sql;
  /** The ids of the generation metadata that have all of these words, or words that begin so. */
  withWords(words: readonly string[]): Prisma.Sql;
  addWords(tx: Transaction, rows: readonly WordsRow[]): Promise<void>;
  /** So many rows of words (id, words) after this id. */
  wordsAfter(id: number, limit: number): Prisma.Sql;
  /** After rows were copied with their numbers, the next one of this table is given a new one. */
  goOnCounting(tx: Transaction, table: string): Promise<void>;
  /** The nodes of a job's graph: id, classType and title as JSON or text. */
  nodesOf(jobId: string, limit: number): Prisma.Sql;
  /** The milliseconds from one column to the other, at least 0. */
  msBetween(from: Prisma.Sql, to: Prisma.Sql): Prisma.Sql;
};
