import pg from 'pg';
import { AppError } from '#src/domain/errors.ts';
import { wordsOf } from '#src/domain/search/search-words.ts';
import type { Database } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { getPrismaClientClass } from './generated/internal/postgresql-class.ts';
import { postgresqlAdapter } from './postgresql-connection.ts';
import { holdDatabase, inUse } from './postgresql-lock.ts';
import { againWhenDisturbed } from './retried-transaction.ts';

const { sql, join } = Prisma;
const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
/** Of a backup of everything. */
const LONG_MS = 3_600_000;
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

const nameOf = (url: string): string => {
  const { host, pathname } = new URL(url);
  return `${decodeURIComponent(pathname.slice(1))} at ${host}`;
};

function refusal(url: string, cause: unknown): AppError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'internal',
    `The PostgreSQL database ${nameOf(url)} cannot be opened. Check DATABASE_URL, and that the server runs and lets this user in. (${said.trim().split('\n').at(-1)})`,
    { cause },
  );
}

/** Ends the process, as what nobody has caught does: what goes on here would be done twice. */
function taken(url: string): void {
  setImmediate(() => {
    throw new AppError(
      'conflict',
      `The database ${nameOf(url)} was out of reach, and another comfyume has taken it meanwhile.`,
    );
  });
}

/** Opens a pool of connections, and has the database for this process. Every transaction sees the database as if it were alone. */
export async function openPostgresql(url: string): Promise<Database> {
  const hold = await holdDatabase(url, () => taken(url)).catch((error: unknown) => {
    throw refusal(url, error);
  });
  if (hold === null) throw inUse(nameOf(url));
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
  return Object.assign(client, {
    dialect: DIALECT,
    transaction: (work, options) =>
      againWhenDisturbed(() => client.$transaction(work, { isolationLevel: 'Serializable', ...options })),
    atOneMoment: (work) =>
      client.$transaction(
        async (tx) => {
          await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`;
          return work(tx);
        },
        { timeout: LONG_MS },
      ),
    async close() {
      await client.$disconnect();
      await pool.end();
      await hold.release();
    },
  } satisfies Pick<Database, 'dialect' | 'transaction' | 'atOneMoment' | 'close'>);
}
