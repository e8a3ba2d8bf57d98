import type { Dialect } from './dialect.ts';
import type { PrismaClient } from './generated/client.ts';
import { openSqlite } from './sqlite.ts';

export type Transaction = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'>;

export type Database = Transaction & {
  readonly dialect: Dialect;
  /**
   * All of it is stored, or nothing, and nobody else's changes come in between. With PostgreSQL it may be done more than once until that is so: what it
   * tells the outside it tells when it is over.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: { timeout: number }): Promise<T>;
  /** All that is read within is as it was at one moment. */
  atOneMoment<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export const isPostgresql = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** Opens what DATABASE_URL names. Whoever keeps to a file does not load the other driver. */
export async function openDatabase(url: string): Promise<Database> {
  if (!isPostgresql(url)) return openSqlite(url);
  const { openPostgresql } = await import('./postgresql.ts');
  return openPostgresql(url);
}
