import { createClient } from '@libsql/client';
import { random } from '#src/adapters/auth/random.ts';
import { databaseFile } from './class.ts';

const PRAGMAS = ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'];

/** The database driver alone: writes the rows of one job with as little around it as can be, in one transaction. */
export async function openBare(dataDir: string, userId: string, prompt: string) {
  const client = createClient({ url: databaseFile(dataDir) });
  for (const pragma of PRAGMAS) await client.execute(`PRAGMA ${pragma}`);
  return {
    write: async (): Promise<void> => {
      const id = random.id();
      const now = new Date().toISOString();
      await client.batch(
        [
          {
            sql: 'INSERT INTO Job (id, userId, title, status, priority, attemptCount, createdAt, queuedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            args: [id, userId, 'Lighthouse', 'queued', 0, 0, now, now],
          },
          { sql: 'INSERT INTO Graph (jobId, prompt) VALUES (?, ?)', args: [id, prompt] },
          {
            sql: 'INSERT INTO Event (userId, type, jobId, createdAt) VALUES (?, ?, ?, ?)',
            args: [userId, 'job.updated', id, now],
          },
        ],
        'write',
      );
    },
    close: () => client.close(),
  };
}
