import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#src/domain/errors.ts';
import type { Database } from './connection.ts';

/** Of a large installation, one may take long. */
const MOST_MS = 3_600_000;

const statements = (sql: string): string[] =>
  sql
    .replace(/^--.*$/gm, '')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** Those that are new, in their order. */
async function newIn(directory: string, done: ReadonlyMap<string, string>) {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const unknown = [...done.keys()].find((name) => !names.includes(name));
  if (unknown)
    throw new AppError(
      'conflict',
      `The database was made by a newer version: migration ${unknown} is not part of this one. Start that version, or restore a backup from before it (docs/backup.md).`,
    );
  const fresh = [];
  for (const name of names) {
    const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    if (!done.has(name)) fresh.push({ name, checksum, statements: statements(sql) });
    else if (done.get(name) !== checksum)
      throw new Error(`Migration ${name} was changed after it had been applied to this database.`);
  }
  return fresh;
}

const applied = async (db: Database): Promise<Map<string, string>> => {
  const rows = await db.$queryRaw<{ migration_name: string; checksum: string }[]>`
    SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
};

/** In the ledger, as a migration that is not finished. */
const COPY = 'copy of another database';

/** What this database is becoming a copy of; null where it is whole. */
export async function copyUnderWay(db: Database): Promise<string | null> {
  const rows = await db.$queryRaw<
    { logs: string }[]
  >`SELECT logs FROM "_prisma_migrations" WHERE migration_name = ${COPY}`;
  return rows[0]?.logs ?? null;
}

export async function markCopy(db: Database, of: string | null): Promise<void> {
  await db.$executeRaw`DELETE FROM "_prisma_migrations" WHERE migration_name = ${COPY}`;
  if (of !== null)
    await db.$executeRaw`INSERT INTO "_prisma_migrations" (id, checksum, migration_name, logs, started_at)
      VALUES (${randomUUID()}, '', ${COPY}, ${of}, ${new Date()})`;
}

/** Applies the migrations below this folder that are new, each in one transaction, and records them as Prisma does. Gives their names. */
export async function migrate(db: Database, prismaDir: string): Promise<string[]> {
  const directory = join(prismaDir, db.dialect.migrations);
  await db.$executeRawUnsafe(db.dialect.ledger);
  const fresh = await newIn(directory, await applied(db));
  for (const { name, checksum, statements } of fresh)
    await db.transaction(
      async (tx) => {
        const now = new Date();
        for (const statement of statements) await tx.$executeRawUnsafe(statement);
        await tx.$executeRaw`INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
          VALUES (${randomUUID()}, ${checksum}, ${now}, ${name}, ${now}, 1)`;
      },
      { timeout: MOST_MS },
    );
  return fresh.map(({ name }) => name);
}
