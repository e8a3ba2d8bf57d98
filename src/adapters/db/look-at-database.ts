import pg from 'pg';
import { z } from 'zod';
import type { DatabaseFacts } from '#src/domain/health/database-report.ts';

const QUESTIONS = 5;

const told = z.tuple([
  z.object({ version: z.coerce.number(), encoding: z.string(), now: z.coerce.number(), most: z.coerce.number() }),
]);

/** What PostgreSQL says of itself, on a connection of its own: nobody has to have the database for it. */
export async function lookAtDatabase(url: string, maxMs: number): Promise<DatabaseFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: maxMs, query_timeout: maxMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answers: number[] = [];
    for (let question = 0; question < QUESTIONS; question += 1) {
      const asked = performance.now();
      await client.query('SELECT 1');
      answers.push(performance.now() - asked);
    }
    const asked = Date.now();
    const { rows } = await client.query(`
      SELECT current_setting('server_version_num') AS version, pg_encoding_to_char(d.encoding) AS encoding,
        extract(epoch FROM clock_timestamp()) * 1000 AS now, current_setting('max_connections') AS most
      FROM pg_database d WHERE d.datname = current_database()`);
    const [{ version, encoding, now, most }] = told.parse(rows);
    return {
      type: 'answers',
      version: Math.floor(version / 10_000),
      encoding,
      connections: most,
      // The quickest: the others may have waited for us.
      answerMs: Math.min(...answers),
      aheadMs: now - (asked + Date.now()) / 2,
    };
  } catch (error) {
    return { type: 'silent', why: error instanceof Error ? error.message : String(error) };
  } finally {
    await client.end().catch(() => undefined);
  }
}
