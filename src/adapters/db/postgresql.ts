import pg from 'pg';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { wordsOf } from '#src/domain/search/search-words.ts';
import type { Database } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { getPrismaClientClass } from './generated/internal/postgresql-class.ts';
import { postgresqlAdapter } from './postgresql-connection.ts';
import { againWhenDisturbed } from './retried-transaction.ts';

const { sql, join } = Prisma;
const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
/** Of `pg_advisory_xact_lock`: any number that is always the same. */
const MIGRATING = 7_366_001;
/** PostgreSQL takes terms of 2 kB, and 1 MB of them for one row. */
const MAX_TERM_LETTERS = 500;
const MAX_LETTERS = 250_000;

function termsIn(words: string): string[] {
  const terms = new Set<string>();
  let letters = 0;
  for (const word of wordsOf(words)) {
    const term = word.slice(0, MAX_TERM_LETTERS);
    if (terms.has(term)) continue;
    letters += term.length;
    if (letters > MAX_LETTERS) break;
    terms.add(term);
  }
  return [...terms];
}

const DIALECT: Dialect = {
  name: 'postgresql',
  migrations: 'migrations-postgresql',
  ledger: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT, "rolled_back_at" TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
  async lockMigrations(tx) {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${MIGRATING})`;
  },
  contains(words) {
    const anyCase = { contains: words, mode: 'insensitive' };
    return anyCase;
  },
  byNoIndex: Prisma.empty,
  ids: (ids) => sql`SELECT unnest(${[...ids]}::text[])`,
  withWords: (words) =>
    sql`SELECT w.id FROM "GenerationWords" w WHERE w.terms @@ ${words.map((word) => `'${word.slice(0, MAX_TERM_LETTERS)}':*`).join(' & ')}::tsquery`,
  async addWords(tx, rows) {
    const values = join(
      rows.map(({ id, words }) => sql`(${id}, ${words}, array_to_tsvector(${termsIn(words)}::text[]))`),
    );
    await tx.$executeRaw`INSERT INTO "GenerationWords" (id, words, terms) VALUES ${values}`;
  },
  wordsAfter: (id, limit) => sql`SELECT id, words FROM "GenerationWords" WHERE id > ${id} ORDER BY id LIMIT ${limit}`,
  async goOnCounting(tx, table) {
    const name = Prisma.raw(`"${table}"`);
    await tx.$queryRaw`
      SELECT setval(pg_get_serial_sequence(${`"${table}"`}, 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM ${name}`;
  },
  nodesOf: (jobId, limit) => sql`
    SELECT n.key AS id, n.value ->> 'class_type' AS "classType", n.value -> '_meta' ->> 'title' AS title
    FROM "Graph" g, json_each(g.prompt::json) n WHERE g."jobId" = ${jobId} LIMIT ${limit}`,
  msBetween: (from, to) => sql`GREATEST(0, EXTRACT(EPOCH FROM ${to} - ${from}) * 1000)`,
};

/** Opens a pool of connections, in UTC, each of which has been answered before. Every transaction sees the database as if it were alone. */
export async function openPostgresql(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'comfyume',
    options: '-c timezone=UTC',
  });
  // A connection that is lost while nobody uses it: the next one to ask gets another.
  pool.on('error', () => undefined);
  const Client = getPrismaClientClass();
  const client: PrismaClient = new Client({
    adapter: postgresqlAdapter(pool),
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
  });
  const close = async () => {
    await client.$disconnect();
    await pool.end();
  };
  try {
    await client.$queryRaw`SELECT 1`;
  } catch (error) {
    await close();
    throw refusal(url, error);
  }
  const transaction: Database['transaction'] = (work, options) =>
    againWhenDisturbed(() => client.$transaction(work, { isolationLevel: 'Serializable', ...options }));
  return Object.assign(client, { dialect: DIALECT, transaction, close });
}

function refusal(url: string, cause: unknown): AppError {
  const known = appErrorIn(cause);
  const { host, pathname } = new URL(url);
  const said = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'internal',
    `The PostgreSQL database ${pathname.slice(1)} at ${host} cannot be opened. Check DATABASE_URL, and that the server runs and lets this user in. (${(known?.message ?? said).trim().split('\n').at(-1)})`,
    { cause },
  );
}
