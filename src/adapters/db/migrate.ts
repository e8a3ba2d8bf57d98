import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#src/domain/errors.ts';
import type { Database } from './connection.ts';

const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;

const statements = (sql: string): string[] =>
  sql
    .replace(/^--.*$/gm, '')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** Applies the migrations that are new, each in one transaction, and records them as Prisma does. Gives their names. */
export async function migrate(db: Database, directory: string): Promise<string[]> {
  await db.$executeRawUnsafe(LEDGER);
  const rows = await db.$queryRaw<{ migration_name: string; checksum: string }[]>`
    SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const done = new Map(rows.map((row) => [row.migration_name, row.checksum]));
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

  const applied: string[] = [];
  for (const name of names) {
    const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    if (done.has(name)) {
      if (done.get(name) !== checksum)
        throw new Error(`Migration ${name} was changed after it had been applied to this database.`);
      continue;
    }
    const now = new Date();
    await db.$transaction([
      ...statements(sql).map((statement) => db.$executeRawUnsafe(statement)),
      db.$executeRaw`INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
        VALUES (${randomUUID()}, ${checksum}, ${now}, ${name}, ${now}, 1)`,
    ]);
    applied.push(name);
  }
  return applied;
}
