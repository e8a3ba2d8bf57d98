import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inject } from 'vitest';
import { isPostgresql, openDatabase } from './connection.ts';
import { migrate } from './migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests make databases, when they run on PostgreSQL. */
    postgresql: string | null;
  }
}

export const PRISMA = fileURLToPath(new URL('../../../prisma', import.meta.url));
const TEMPLATE = 'migrated';
const MAKING_TEMPLATE = 1;

/** The address of another database of the same server. */
function sibling(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function asked(server: string, ask: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await ask(client);
  } finally {
    await client.end();
  }
}

/** Every test process needs it; the first one makes it. */
async function makeTemplate(client: pg.Client, server: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
  if (rowCount) return;
  const making = `${TEMPLATE}_${randomUUID()}`;
  await client.query(`CREATE DATABASE "${making}"`);
  const db = await openDatabase(sibling(server, making));
  await migrate(db, PRISMA);
  await db.close();
  await client.query(`ALTER DATABASE "${making}" RENAME TO "${TEMPLATE}"`);
}

/** A database that nobody has used: of PostgreSQL, migrated already, or a file in this folder. */
export async function newDatabaseUrl(folder: string): Promise<string> {
  const server = inject('postgresql');
  if (server === null) return `file:${join(folder, 'comfyume.db')}`;
  const name = `test_${randomUUID()}`;
  await asked(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [MAKING_TEMPLATE]);
    await makeTemplate(client, server);
    await client.query(`CREATE DATABASE "${name}" TEMPLATE "${TEMPLATE}"`);
  });
  return sibling(server, name);
}

/** Of a file, whoever made its folder removes it. */
export async function dropDatabase(url: string): Promise<void> {
  if (!isPostgresql(url)) return;
  const name = new URL(url).pathname.slice(1);
  await asked(sibling(url, 'postgres'), (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`));
}
