import { AppError } from '#src/domain/errors.ts';
import { nameKey } from '#src/domain/users/name-key.ts';
import type { Role } from '#src/domain/users/user.ts';
import type { Bus } from '#src/ports/events.ts';
import type { NewUser, User, UserStore } from '#src/ports/users.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { createGpuTimes, jobCounts } from '../jobs/work-done.ts';
import { toUser } from '../rows.ts';
import { MAY_COME_IN, personalTokens } from './personal-tokens.ts';
import { endSessions, userSessions } from './sessions.ts';
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

export function createUserStore(db: Database, bus: Bus): UserStore {
  const unwritten = createUnwrittenSessions();
  function sessionsEnded(userId: string, sessionId: string | null, keepSessionId: string | null = null): void {
    if (sessionId === null) unwritten.end((session) => session.userId === userId && session.id !== keepSessionId);
    bus.announce({ type: 'sessions.ended', userId, sessionId, keepSessionId });
  }

  const gpuTimes = createGpuTimes(db);

  async function change(
    userId: string,
    data: { disabledAt?: Date | null; deletedAt?: Date; role?: Role; nameKey?: string },
    ends: boolean,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const changed = await tx.user.update({ where: { id: userId }, data });
      await recordAction(tx);
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
    await recordAction(tx);
  }

  return {
    create: (user) => db.transaction((tx) => createIn(tx, user)),

    createAll: (users) =>
      db.transaction(async (tx) => {
        const made: User[] = [];
        for (const user of users) made.push(await createIn(tx, user));
        await recordAction(tx);
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
      await db.transaction(async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { waitingCap, inFlightCap } });
        await recordAction(tx);
      });
    },

    async setComfyui(userId, on, now) {
      await db.transaction(async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { comfyuiOffAt: on ? null : new Date(now) } });
        await recordAction(tx);
      });
      if (!on) bus.announce({ type: 'comfyui.off', userId });
    },

    async rename(userId, name) {
      await db.transaction((tx) => takeName(tx, userId, name));
    },

    async leave(userId, now) {
      await change(userId, { deletedAt: new Date(now), nameKey: keyOfLeft(userId) }, true);
    },

    async comeBack(userId, name) {
      await db.transaction(async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { deletedAt: null } });
        await takeName(tx, userId, name);
      });
    },

    async remove(userId) {
      await db.transaction(async (tx) => {
        await endSessions(tx, userId);
        await tx.event.deleteMany({ where: { userId } });
        await tx.user.delete({ where: { id: userId } });
        await recordAction(tx);
      });
      sessionsEnded(userId, null);
    },

    async seen(userId, now) {
      await db.user.updateMany({ where: { id: userId }, data: { lastSeenAt: new Date(now) } });
    },

    async setPassword(userId, passwordHash, keepSessionId) {
      await db.transaction(async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { passwordHash } });
        await endSessions(tx, userId, keepSessionId);
        await tx.personalToken.deleteMany({ where: { userId } });
        await recordAction(tx);
      });
      sessionsEnded(userId, null, keepSessionId);
    },

    ...userSessions(db, bus, unwritten, sessionsEnded),
    ...personalTokens(db, (userId) => sessionsEnded(userId, null)),
  };
}
