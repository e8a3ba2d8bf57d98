import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { random } from '#src/adapters/auth/random.ts';
import { createSettingStore } from '#src/adapters/db/classes/setting-store.ts';
import { type Database, openDatabase } from '#src/adapters/db/connection.ts';
import { migrate } from '#src/adapters/db/migrate.ts';
import { createUserStore } from '#src/adapters/db/users/user-store.ts';
import { createBus } from '#src/adapters/events/bus.ts';
import { SESSION_MS } from '#src/domain/users/session.ts';
import { root } from './folder.ts';

export const bus = createBus((error) => {
  throw error;
});

export type Student = { readonly userId: string; readonly token: string };

/** A database in `dataDir` as the product would make it, with an operator and `size` participants who have a personal token each. */
export async function makeClass(dataDir: string, size: number): Promise<{ operator: Student; students: Student[] }> {
  await mkdir(dataDir, { recursive: true });
  const db = await openMigrated(dataDir);
  try {
    const users = createUserStore(db, bus);
    const now = Date.now();
    const make = async (name: string, role: 'operator' | 'participant'): Promise<Student> => {
      const user = await users.create({
        id: random.id(),
        name,
        role,
        passwordHash: 'nobody signs in by password',
        now,
      });
      const { token, hash } = random.token();
      await users.addToken({
        id: random.id(),
        tokenHash: hash,
        name: 'bench',
        scope: 'all',
        expiresAt: null,
        userId: user.id,
        now,
      });
      return { userId: user.id, token };
    };
    await createSettingStore(db, bus).change({ waitingCap: 10_000, jobsPerMinute: 100_000 });
    const operator = await make('Operator', 'operator');
    const students: Student[] = [];
    for (let n = 1; n <= size; n += 1) students.push(await make(`Pupil ${n}`, 'participant'));
    return { operator, students };
  } finally {
    await db.close();
  }
}

/** What a browser that this person signed in with would send as its cookie. */
export async function openSession(dataDir: string, userId: string): Promise<string> {
  const db = await openMigrated(dataDir);
  try {
    const { token, hash } = random.token();
    const now = Date.now();
    const expiresAt = now + SESSION_MS;
    await createUserStore(db, bus).openSession({ id: random.id(), tokenHash: hash, userId, now, expiresAt });
    return token;
  } finally {
    await db.close();
  }
}

export const databaseFile = (dataDir: string): string => `file:${join(dataDir, 'comfyume.db')}`;

export async function openMigrated(dataDir: string): Promise<Database> {
  const db = await openDatabase(databaseFile(dataDir));
  await migrate(db, join(root, 'prisma', 'migrations'));
  return db;
}
