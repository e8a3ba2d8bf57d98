import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/client/runtime/client';
import type pg from 'pg';
import { AppError } from '#src/domain/errors.ts';

type Adapter = Awaited<ReturnType<SqlDriverAdapterFactory['connect']>>;
type Queryable = Pick<Adapter, 'queryRaw' | 'executeRaw'>;
type Query = Parameters<Adapter['queryRaw']>[0];

/** SQLSTATE: of a connection that is lost or refused, of a server that stops or starts, and of too many connections. */
const GONE = /^(08|57P0[123]|53300)/;
const FULL = '53100';
const GONE_KINDS: ReadonlySet<unknown> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);

const causeOf = (error: unknown): Readonly<Record<string, unknown>> =>
  error instanceof Error && typeof error.cause === 'object' && error.cause !== null ? { ...error.cause } : {};

/** As for SQLite: what the person should read goes along as the cause. */
function explained(error: unknown): unknown {
  const { kind, originalCode, code } = causeOf(error);
  const state = String(originalCode ?? code ?? '');
  const said = error instanceof Error ? error.message : '';
  if (
    GONE_KINDS.has(kind) ||
    GONE.test(state) ||
    /connection terminated|connection timeout|timeout exceeded/i.test(said)
  )
    return new Error('The database cannot be reached.', {
      cause: new AppError(
        'database_unavailable',
        'The server cannot reach its database just now. Nothing of yours is lost. Try again in a minute; if it stays, tell the teacher.',
        { cause: error },
      ),
    });
  return state === FULL
    ? new Error('The database could not be written to: its disk is full.', {
        cause: new AppError(
          'storage_full',
          'The disk of the server’s database is full, so nothing can be changed. Your work is safe. Tell the teacher, who needs to free up space.',
          { cause: error },
        ),
      })
    : error;
}

/** PostgreSQL stores no NUL, and what workers say may hold some. */
const withoutNul = ({ args, ...query }: Query): Query => ({
  ...query,
  args: args.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value)),
});

/** Statements are prepared once a connection. Those with lists differ by their length: only so many are kept. */
const MOST_PREPARED = 400;
const NOT_PREPARED = '';

function preparedNames(): (query: Query) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MOST_PREPARED) return NOT_PREPARED;
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** What it asks is asked of `target`, in words that PostgreSQL takes, with errors that say what to do. */
function guarded<Target extends Queryable>(target: Target): Target {
  const asked =
    <Answer>(ask: (query: Query) => Promise<Answer>) =>
    (query: Query) =>
      ask.call(target, withoutNul(query)).catch((error: unknown) => {
        throw explained(error);
      });
  const [queryRaw, executeRaw] = [asked(target.queryRaw), asked(target.executeRaw)];
  return new Proxy(target, {
    get(_, key) {
      if (key === 'queryRaw') return queryRaw;
      if (key === 'executeRaw') return executeRaw;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** Prisma's adapter on this pool. */
export function postgresqlAdapter(pool: pg.Pool): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, { statementNameGenerator: preparedNames() });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const begin: Adapter['startTransaction'] = (level) =>
        adapter.startTransaction(level).then(guarded, (error: unknown) => {
          throw explained(error);
        });
      return new Proxy(guarded(adapter), {
        get: (target, key) => (key === 'startTransaction' ? begin : Reflect.get(target, key, target)),
      });
    },
  };
}
