import { setTimeout as rest } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';

/** Of `pg_try_advisory_lock`, which is for one database: any number that is always the same. */
const SERVING = 7_366_002;
const TRY_EVERY_MS = 250;
/** The connection of a process that was killed is closed at once; of one on a host that is gone, its server finds out later. */
const PATIENCE_MS = 5000;

/** Of a server that is started at the same moment as we are. */
const START_MS = 15_000;
const STARTING: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03']);
const isStarting = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && STARTING.has(String(error.code));

const held = z.tuple([z.object({ held: z.boolean() })]);

async function take(connectionString: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString, keepAlive: true, application_name: 'comfyume, its lock' });
  // Said again by `end`; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS held', [SERVING]);
  if (held.parse(rows)[0].held) return client;
  await client.end();
  return null;
}

/**
 * As with SQLite, one process has the database to itself: two would send every job twice. It has it as long as a connection of its own lives, and takes it
 * again when the server was started anew. Gives null where somebody else has it; `lost` is called when
 * somebody else was quicker.
 */
export async function holdDatabase(url: string, lost: () => void): Promise<{ release(): Promise<void> } | null> {
  let client: pg.Client | null = null;
  let isReleased = false;

  function keep(taken: pg.Client): void {
    client = taken;
    taken.once('end', () => {
      client = null;
      if (!isReleased) void regain();
    });
  }

  async function regain(): Promise<void> {
    while (!isReleased) {
      await rest(TRY_EVERY_MS);
      const taken = await take(url).catch(() => 'unreachable' as const);
      if (taken === 'unreachable') continue;
      if (taken === null) return lost();
      if (isReleased) return taken.end();
      return keep(taken);
    }
  }

  const began = Date.now();
  for (;;) {
    const waited = Date.now() - began;
    const taken = await take(url).catch((error: unknown) => {
      if (waited >= START_MS || !isStarting(error)) throw error;
      return 'unreachable' as const;
    });
    if (taken !== null && taken !== 'unreachable') {
      keep(taken);
      break;
    }
    if (taken === null && waited >= PATIENCE_MS) return null;
    await rest(TRY_EVERY_MS);
  }
  return {
    async release() {
      isReleased = true;
      await client?.end();
    },
  };
}

export const inUse = (what: string): AppError =>
  new AppError(
    'conflict',
    `The database ${what} is in use by another process, most likely another comfyume. Stop that one, or set DATABASE_URL to another database.`,
  );
