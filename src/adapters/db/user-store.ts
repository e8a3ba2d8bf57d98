import { AppError } from '#src/domain/errors.ts';
import { nameKey } from '#src/domain/user.ts';
import type { Bus } from '#src/ports/events.ts';
import type { NewUser, User, UserStore } from '#src/ports/users.ts';
import { batched } from './batched.ts';
import type { Database, Transaction } from './connection.ts';
import { toUser } from './rows.ts';

async function createIn(tx: Transaction, { id, name, role, passwordHash, now }: NewUser): Promise<User> {
  const key = nameKey(name);
  if (await tx.user.findUnique({ where: { nameKey: key } }))
    throw new AppError('conflict', `There is a user named "${name}" already.`);
  let folder = name;
  for (let n = 2; await tx.user.findUnique({ where: { folder } }); n += 1) folder = `${name} ${n}`;
  return toUser(
    await tx.user.create({ data: { id, name, nameKey: key, role, passwordHash, folder, createdAt: new Date(now) } }),
  );
}

export function createUserStore(db: Database, bus: Bus): UserStore {
  const sessionsEnded = (userId: string, sessionId: string | null, keepSessionId: string | null = null) =>
    bus.announce({ type: 'sessions.ended', userId, sessionId, keepSessionId });

  // Every request asks one of these two.
  const sessionByHash = batched(async (hashes: readonly string[]) => {
    const rows = await db.session.findMany({ where: { tokenHash: { in: [...hashes] } }, include: { user: true } });
    const byHash = new Map(rows.map((row) => [row.tokenHash, row]));
    return hashes.map((hash) => byHash.get(hash) ?? null);
  });
  const tokenByHash = batched(async (hashes: readonly string[]) => {
    const rows = await db.personalToken.findMany({
      where: { tokenHash: { in: [...hashes] } },
      include: { user: true },
    });
    const byHash = new Map(rows.map((row) => [row.tokenHash, row]));
    return hashes.map((hash) => byHash.get(hash) ?? null);
  });

  return {
    create: (user) => db.$transaction((tx) => createIn(tx, user)),

    createAll: (users) =>
      db.$transaction(async (tx) => {
        const made: User[] = [];
        for (const user of users) made.push(await createIn(tx, user));
        return made;
      }),

    async find(userId) {
      const row = await db.user.findUnique({ where: { id: userId } });
      return row && toUser(row);
    },

    async byName(name) {
      const row = await db.user.findUnique({ where: { nameKey: nameKey(name) } });
      return row && toUser(row);
    },

    async list() {
      const rows = await db.user.findMany({
        orderBy: { nameKey: 'asc' },
        include: { _count: { select: { jobs: { where: { warmUp: false } } } } },
      });
      return rows.map((row) => ({ ...toUser(row), jobs: row._count.jobs }));
    },

    hasOperator: async () => (await db.user.count({ where: { role: 'operator', disabledAt: null } })) > 0,

    async setEnabled(userId, enabled, now) {
      await db.user.update({ where: { id: userId }, data: { disabledAt: enabled ? null : new Date(now) } });
      if (enabled) return;
      await db.session.deleteMany({ where: { userId } });
      sessionsEnded(userId, null);
    },

    async setPassword(userId, passwordHash, keepSessionId) {
      await db.$transaction([
        db.user.update({ where: { id: userId }, data: { passwordHash } }),
        db.session.deleteMany({ where: { userId, ...(keepSessionId !== null && { id: { not: keepSessionId } }) } }),
      ]);
      sessionsEnded(userId, null, keepSessionId);
    },

    async openSession({ id, tokenHash, userId, now, expiresAt }) {
      await db.$transaction([
        db.session.deleteMany({ where: { userId, expiresAt: { lte: new Date(now) } } }),
        db.session.create({
          data: { id, tokenHash, userId, createdAt: new Date(now), expiresAt: new Date(expiresAt) },
        }),
        db.user.update({ where: { id: userId }, data: { lastSeenAt: new Date(now) } }),
      ]);
    },

    async session(tokenHash, now) {
      const row = await sessionByHash(tokenHash);
      if (!row || row.expiresAt.getTime() <= now || row.user.disabledAt !== null) return null;
      return { id: row.id, expiresAt: row.expiresAt.getTime(), user: toUser(row.user) };
    },

    async renewSession(sessionId, now, expiresAt) {
      const { count } = await db.session.updateMany({
        where: { id: sessionId },
        data: { expiresAt: new Date(expiresAt) },
      });
      if (count > 0)
        await db.user.updateMany({
          where: { sessions: { some: { id: sessionId } } },
          data: { lastSeenAt: new Date(now) },
        });
    },

    async closeSession(sessionId) {
      const session = await db.session.findUnique({ where: { id: sessionId } });
      if (!session) return;
      await db.session.deleteMany({ where: { id: sessionId } });
      sessionsEnded(session.userId, sessionId);
    },

    async closeSessions(userId) {
      await db.session.deleteMany({ where: { userId } });
      sessionsEnded(userId, null);
    },

    async addToken({ id, tokenHash, name, userId, now }) {
      await db.personalToken.create({ data: { id, tokenHash, name, userId, createdAt: new Date(now) } });
    },

    async userOfToken(tokenHash, now) {
      const row = await tokenByHash(tokenHash);
      if (!row || row.user.disabledAt !== null) return null;
      const hour = 3_600_000;
      if (row.lastUsedAt === null || now - row.lastUsedAt.getTime() > hour)
        await db.personalToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
      return toUser(row.user);
    },

    async tokens(userId) {
      const rows = await db.personalToken.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        createdAt: row.createdAt.getTime(),
        lastUsedAt: row.lastUsedAt?.getTime() ?? null,
      }));
    },

    async revokeToken(userId, tokenId) {
      const { count } = await db.personalToken.deleteMany({ where: { id: tokenId, userId } });
      if (count > 0) sessionsEnded(userId, null);
      return count > 0;
    },
  };
}
