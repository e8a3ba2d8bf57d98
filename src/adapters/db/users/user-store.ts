import { AppError } from '#src/domain/errors.ts';
import { nameKey } from '#src/domain/users/name-key.ts';
import { isTooOld } from '#src/domain/users/session.ts';
import type { Role } from '#src/domain/users/user.ts';
import type { Bus } from '#src/ports/events.ts';
import type { NewUser, User, UserStore } from '#src/ports/users.ts';
import { batched } from '../batched.ts';
import type { Database, Transaction } from '../connection.ts';
import { createGpuTimes, jobCounts } from '../jobs/work-done.ts';
import { toUser } from '../rows.ts';
import { MAY_COME_IN, mayComeIn, personalTokens } from './personal-tokens.ts';
import { createUnwrittenSessions } from './unwritten-sessions.ts';

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

/** After the change: the writes of a transaction are what keeps two of them apart. */
async function keepsOperator(tx: Transaction): Promise<void> {
  if ((await tx.user.count({ where: { role: 'operator', ...MAY_COME_IN } })) === 0)
    throw new AppError('conflict', 'At least one operator is required. Make somebody else an operator first.');
}

/** Ends the user's sessions. An operator who impersonates that user only returns to their own account. */
async function endSessions(tx: Transaction, userId: string, keepSessionId: string | null = null): Promise<void> {
  for (const { id, operatorId } of await tx.session.findMany({ where: { userId, operatorId: { not: null } } }))
    if (operatorId !== null) await tx.session.update({ where: { id }, data: { userId: operatorId, operatorId: null } });
  await tx.session.deleteMany({
    where: { OR: [{ userId }, { operatorId: userId }], ...(keepSessionId !== null && { id: { not: keepSessionId } }) },
  });
}

const isOver = (session: { createdAt: Date; expiresAt: Date }, now: number): boolean =>
  session.expiresAt.getTime() <= now || isTooOld(session.createdAt.getTime(), now);

export function createUserStore(db: Database, bus: Bus): UserStore {
  const unwritten = createUnwrittenSessions();
  function sessionsEnded(userId: string, sessionId: string | null, keepSessionId: string | null = null): void {
    if (sessionId === null) unwritten.end((session) => session.userId === userId && session.id !== keepSessionId);
    bus.announce({ type: 'sessions.ended', userId, sessionId, keepSessionId });
  }

  async function unwrittenByHash(tokenHash: string) {
    const session = unwritten.find(tokenHash);
    const user = session && (await db.user.findUnique({ where: { id: session.userId } }));
    if (!session || !user) return null;
    const { id, now, expiresAt } = session;
    return { id, createdAt: new Date(now), expiresAt: new Date(expiresAt), operatorId: null, parent: null, user };
  }

  const gpuTimes = createGpuTimes(db);

  // Every request asks this, or for a token.
  const sessionByHash = batched(async (hashes: readonly string[]) => {
    const rows = await db.session.findMany({
      where: { tokenHash: { in: [...hashes] } },
      include: { user: true, parent: true },
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
        await tx.personalToken.deleteMany({ where: { userId } });
      });
      sessionsEnded(userId, null, keepSessionId);
    },

    async openSession(session) {
      const { id, tokenHash, userId, now, expiresAt } = session;
      const writing = db.$transaction([
        db.session.deleteMany({ where: { userId, expiresAt: { lte: new Date(now) } } }),
        db.session.create({
          data: { id, tokenHash, userId, createdAt: new Date(now), expiresAt: new Date(expiresAt) },
        }),
        db.user.update({ where: { id: userId }, data: { lastSeenAt: new Date(now) } }),
      ]);
      try {
        await writing;
      } catch (error) {
        const user = await db.user.findUnique({ where: { id: userId } });
        if (user?.role !== 'operator' || !unwritten.keepsInstead(session, error)) throw error;
      }
    },

    async openTabSession({ id, tokenHash, parentId, now, expiresAt }) {
      const opened = await db.$transaction(async (tx) => {
        const parent = await tx.session.findUnique({ where: { id: parentId }, include: { user: true, tabs: true } });
        if (!parent || isOver(parent, now) || parent.parentId !== null || parent.operatorId !== null) return null;
        if (parent.user.role !== 'participant' || !mayComeIn(parent.user)) return null;
        const { userId, tabs } = parent;
        await tx.session.deleteMany({ where: { parentId } });
        await tx.session.create({
          data: { id, tokenHash, userId, parentId, createdAt: new Date(now), expiresAt: new Date(expiresAt) },
        });
        return { userId, tabs };
      });
      for (const before of opened?.tabs ?? []) sessionsEnded(before.userId, before.id);
      return opened?.userId ?? null;
    },

    async session(tokenHash, now) {
      const row = (await sessionByHash(tokenHash)) ?? (await unwrittenByHash(tokenHash));
      if (!row || isOver(row, now) || !mayComeIn(row.user) || (row.parent !== null && isOver(row.parent, now)))
        return null;
      const session = {
        id: row.id,
        expiresAt: row.expiresAt.getTime(),
        parentId: row.parent?.id ?? null,
        user: toUser(row.user),
      };
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
      const kept = unwritten.byId(sessionId);
      if (kept) {
        unwritten.end(({ id }) => id === sessionId);
        sessionsEnded(kept.userId, sessionId);
        return;
      }
      const session = await db.session.findUnique({ where: { id: sessionId }, include: { tabs: true } });
      if (!session) return;
      await db.session.deleteMany({ where: { id: sessionId } });
      for (const { id } of [session, ...session.tabs]) sessionsEnded(session.userId, id);
    },

    async closeSessions(userId) {
      await db.$transaction(async (tx) => {
        await endSessions(tx, userId);
        await tx.personalToken.deleteMany({ where: { userId } });
      });
      sessionsEnded(userId, null);
    },

    ...personalTokens(db, (userId) => sessionsEnded(userId, null)),
  };
}
