import { AppError } from '#src/domain/errors.ts';
import { nameKey } from '#src/domain/name-key.ts';
import type { Role } from '#src/domain/user.ts';
import type { Bus } from '#src/ports/events.ts';
import type { NewUser, User, UserStore } from '#src/ports/users.ts';
import { batched } from './batched.ts';
import type { Database, Transaction } from './connection.ts';
import { toUser } from './rows.ts';
import { createGpuTimes, jobCounts } from './work-done.ts';

export async function createIn(tx: Transaction, user: NewUser): Promise<User> {
  const { id, name, role, passwordHash, now, caps, joinCodeId } = user;
  const key = nameKey(name);
  if (await tx.user.findUnique({ where: { nameKey: key } }))
    throw new AppError('conflict', `A user named "${name}" already exists.`);
  let folder = name;
  for (let n = 2; await tx.user.findUnique({ where: { folder } }); n += 1) folder = `${name} ${n}`;
  return toUser(
    await tx.user.create({
      data: {
        id,
        name,
        nameKey: key,
        role,
        passwordHash,
        folder,
        createdAt: new Date(now),
        ...caps,
        ...(joinCodeId !== undefined && { joinCodeId }),
      },
    }),
  );
}

/** No name can be like this one: what a user who left has instead of a name's key. */
const keyOfLeft = (userId: string): string => `left:${userId}`;

const MAY_COME_IN = { disabledAt: null, deletedAt: null } as const;
const mayComeIn = (row: { disabledAt: Date | null; deletedAt: Date | null }): boolean =>
  row.disabledAt === null && row.deletedAt === null;

/** After the change: the writes of a transaction are what keeps two of them apart. */
async function keepsOperator(tx: Transaction): Promise<void> {
  if ((await tx.user.count({ where: { role: 'operator', ...MAY_COME_IN } })) === 0)
    throw new AppError('conflict', 'At least one operator is required. Make somebody else an operator first.');
}

/** Ends the user's sessions. An operator who looks through her eyes only goes back to her own. */
async function endSessions(tx: Transaction, userId: string, keepSessionId: string | null = null): Promise<void> {
  for (const { id, operatorId } of await tx.session.findMany({ where: { userId, operatorId: { not: null } } }))
    if (operatorId !== null) await tx.session.update({ where: { id }, data: { userId: operatorId, operatorId: null } });
  await tx.session.deleteMany({
    where: { OR: [{ userId }, { operatorId: userId }], ...(keepSessionId !== null && { id: { not: keepSessionId } }) },
  });
}

export function createUserStore(db: Database, bus: Bus): UserStore {
  const sessionsEnded = (userId: string, sessionId: string | null, keepSessionId: string | null = null) =>
    bus.announce({ type: 'sessions.ended', userId, sessionId, keepSessionId });

  const gpuTimes = createGpuTimes(db);

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

  async function change(
    userId: string,
    data: { disabledAt?: Date | null; deletedAt?: Date; role?: Role; nameKey?: string },
    ends: boolean,
  ): Promise<void> {
    await db.$transaction(async (tx) => {
      const changed = await tx.user.update({ where: { id: userId }, data });
      if (!ends) return;
      if (changed.role === 'operator' || data.role === 'participant') await keepsOperator(tx);
      await endSessions(tx, userId);
    });
    if (ends) sessionsEnded(userId, null);
  }

  async function takeName(tx: Transaction, userId: string, name: string): Promise<void> {
    const key = nameKey(name);
    const holder = await tx.user.findUnique({ where: { nameKey: key } });
    if (holder && holder.id !== userId) throw new AppError('conflict', `A user named "${holder.name}" already exists.`);
    await tx.user.update({ where: { id: userId }, data: { name, nameKey: key } });
  }

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
      return (await db.user.findMany({ where: { deletedAt: null }, orderBy: { nameKey: 'asc' } })).map(toUser);
    },

    async roster(which) {
      const rows = await db.user.findMany({
        where: { deletedAt: which === 'here' ? null : { not: null } },
        orderBy: { name: 'asc' },
        include: { joinCode: { select: { code: true } } },
      });
      const files = await db.result.groupBy({
        by: ['userId'],
        where: { deliveredAt: { not: null }, removedAt: null, preview: false },
        _count: true,
        _sum: { bytes: true },
      });
      const filesOf = new Map(files.map((row) => [row.userId, row]));
      const [jobs, gpu] = [await jobCounts(db), await gpuTimes()];
      return rows.map((row) => ({
        ...toUser(row),
        jobs: jobs.get(row.id) ?? 0,
        results: filesOf.get(row.id)?._count ?? 0,
        bytes: Number(filesOf.get(row.id)?._sum.bytes ?? 0),
        gpuMs: gpu.get(row.id) ?? 0,
        joinedBy: row.joinCode?.code ?? null,
      }));
    },

    hasOperator: async () => (await db.user.count({ where: { role: 'operator', ...MAY_COME_IN } })) > 0,

    async setEnabled(userId, enabled, now) {
      await change(userId, { disabledAt: enabled ? null : new Date(now) }, !enabled);
    },

    async setRole(userId, role) {
      await change(userId, { role }, true);
    },

    async setCaps(userId, { waitingCap, inFlightCap }) {
      await db.user.update({ where: { id: userId }, data: { waitingCap, inFlightCap } });
    },

    async rename(userId, name) {
      await db.$transaction((tx) => takeName(tx, userId, name));
    },

    async leave(userId, now) {
      await change(userId, { deletedAt: new Date(now), nameKey: keyOfLeft(userId) }, true);
    },

    async comeBack(userId) {
      await db.$transaction(async (tx) => {
        const { name } = await tx.user.update({ where: { id: userId }, data: { deletedAt: null } });
        await takeName(tx, userId, name);
      });
    },

    async remove(userId) {
      await db.$transaction(async (tx) => {
        await endSessions(tx, userId);
        await tx.event.deleteMany({ where: { userId } });
        await tx.user.delete({ where: { id: userId } });
      });
      sessionsEnded(userId, null);
    },

    async seen(userId, now) {
      await db.user.updateMany({ where: { id: userId }, data: { lastSeenAt: new Date(now) } });
    },

    async setPassword(userId, passwordHash, keepSessionId) {
      await db.$transaction(async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { passwordHash } });
        await endSessions(tx, userId, keepSessionId);
      });
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
      if (!row || row.expiresAt.getTime() <= now || !mayComeIn(row.user)) return null;
      const session = { id: row.id, expiresAt: row.expiresAt.getTime(), user: toUser(row.user) };
      if (row.operatorId === null) return { ...session, operator: null };
      const operator = await db.user.findUnique({ where: { id: row.operatorId } });
      return operator && mayComeIn(operator) ? { ...session, operator: toUser(operator) } : null;
    },

    async renewSession(sessionId, now, expiresAt) {
      const { count } = await db.session.updateMany({
        where: { id: sessionId },
        data: { expiresAt: new Date(expiresAt) },
      });
      if (count > 0)
        await db.user.updateMany({
          where: { sessions: { some: { id: sessionId, operatorId: null } } },
          data: { lastSeenAt: new Date(now) },
        });
    },

    async turnSession(sessionId, operatorId, userId) {
      await db.session.updateMany({
        where: { id: sessionId, OR: [{ userId: operatorId, operatorId: null }, { operatorId }] },
        data: userId === null ? { userId: operatorId, operatorId: null } : { userId, operatorId },
      });
      bus.announce({ type: 'session.turned', sessionId });
    },

    async closeSession(sessionId) {
      const session = await db.session.findUnique({ where: { id: sessionId } });
      if (!session) return;
      await db.session.deleteMany({ where: { id: sessionId } });
      sessionsEnded(session.userId, sessionId);
    },

    async closeSessions(userId) {
      await db.$transaction((tx) => endSessions(tx, userId));
      sessionsEnded(userId, null);
    },

    async addToken({ id, tokenHash, name, userId, now }) {
      await db.personalToken.create({ data: { id, tokenHash, name, userId, createdAt: new Date(now) } });
    },

    async token(tokenHash) {
      const row = await tokenByHash(tokenHash);
      if (!row || !mayComeIn(row.user)) return null;
      return { id: row.id, lastUsedAt: row.lastUsedAt?.getTime() ?? null, user: toUser(row.user) };
    },

    async tokenUsed(tokenId, now) {
      await db.personalToken.updateMany({ where: { id: tokenId }, data: { lastUsedAt: new Date(now) } });
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
