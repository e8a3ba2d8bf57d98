import { isTooOld } from '#src/domain/users/session.ts';
import type { Bus } from '#src/ports/events.ts';
import type { User, UserStore } from '#src/ports/users.ts';
import { batched } from '../batched.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { toUser } from '../rows.ts';
import { type FoundSession, findSessions } from './find-sessions.ts';
import { mayComeIn } from './personal-tokens.ts';
import type { UnwrittenSessions } from './unwritten-sessions.ts';

type Sessions = Pick<
  UserStore,
  'openSession' | 'openTabSession' | 'session' | 'renewSession' | 'turnSession' | 'closeSession' | 'closeSessions'
>;

type Times = { readonly createdAt: number; readonly expiresAt: number };
const isOver = ({ createdAt, expiresAt }: Times, now: number): boolean => expiresAt <= now || isTooOld(createdAt, now);

const timesOf = (row: { createdAt: Date; expiresAt: Date }): Times => ({
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt.getTime(),
});

const isHere = ({ enabled, leftAt }: User): boolean => enabled && leftAt === null;

/** Ends the user's sessions. An operator who impersonates that user only returns to their own account, without that person's ComfyUI. */
export async function endSessions(tx: Transaction, userId: string, keepSessionId: string | null = null): Promise<void> {
  for (const { id, operatorId } of await tx.session.findMany({
    where: { userId, operatorId: { not: null }, parentId: null },
  }))
    if (operatorId !== null) await tx.session.update({ where: { id }, data: { userId: operatorId, operatorId: null } });
  await tx.session.deleteMany({
    where: { OR: [{ userId }, { operatorId: userId }], ...(keepSessionId !== null && { id: { not: keepSessionId } }) },
  });
}

/** `ended` tells that one session of the user, or all, came to an end. */
export function userSessions(
  db: Database,
  bus: Bus,
  unwritten: UnwrittenSessions,
  ended: (userId: string, sessionId: string | null) => void,
): Sessions {
  async function unwrittenByHash(tokenHash: string): Promise<FoundSession | null> {
    const session = unwritten.find(tokenHash);
    const user = session && (await db.user.findUnique({ where: { id: session.userId } }));
    if (!session || !user) return null;
    const { id, now, expiresAt } = session;
    return { id, createdAt: now, expiresAt, operatorId: null, parent: null, user: toUser(user) };
  }

  // Every request asks this, or for a token.
  const sessionByHash = batched((hashes: readonly string[]) => findSessions(db, hashes));

  return {
    async openSession(session) {
      const { id, tokenHash, userId, now, expiresAt } = session;
      const writing = db.transaction(async (tx) => {
        await tx.session.deleteMany({ where: { userId, expiresAt: { lte: new Date(now) } } });
        await tx.session.create({
          data: { id, tokenHash, userId, createdAt: new Date(now), expiresAt: new Date(expiresAt) },
        });
        await tx.user.update({ where: { id: userId }, data: { lastSeenAt: new Date(now) } });
      });
      try {
        await writing;
      } catch (error) {
        const user = await db.user.findUnique({ where: { id: userId } });
        if (user?.role !== 'operator' || !unwritten.keepsInstead(session, error)) throw error;
      }
    },

    async openTabSession({ id, tokenHash, parentId, now, expiresAt }) {
      const opened = await db.transaction(async (tx) => {
        const parent = await tx.session.findUnique({ where: { id: parentId }, include: { user: true, tabs: true } });
        if (!parent || isOver(timesOf(parent), now) || parent.parentId !== null) return null;
        if (parent.user.role !== 'participant' || !mayComeIn(parent.user)) return null;
        const { userId, operatorId, tabs } = parent;
        await tx.session.deleteMany({ where: { parentId } });
        await tx.session.create({
          data: {
            id,
            tokenHash,
            userId,
            operatorId,
            parentId,
            createdAt: new Date(now),
            expiresAt: new Date(expiresAt),
          },
        });
        return { userId, operatorId, tabs };
      });
      for (const before of opened?.tabs ?? []) ended(before.userId, before.id);
      return opened && { userId: opened.userId, operatorId: opened.operatorId };
    },

    async session(tokenHash, now) {
      const row = (await sessionByHash(tokenHash)) ?? (await unwrittenByHash(tokenHash));
      if (!row || isOver(row, now) || !isHere(row.user) || (row.parent !== null && isOver(row.parent, now)))
        return null;
      const session = { id: row.id, expiresAt: row.expiresAt, parentId: row.parent?.id ?? null, user: row.user };
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
      const tabs = await db.transaction(async (tx) => {
        const open = await tx.session.findMany({ where: { parentId: sessionId } });
        const { count } = await tx.session.updateMany({
          where: { id: sessionId, OR: [{ userId: operatorId, operatorId: null }, { operatorId }] },
          data: userId === null ? { userId: operatorId, operatorId: null } : { userId, operatorId },
        });
        if (count === 0) return [];
        await tx.session.deleteMany({ where: { parentId: sessionId } });
        await recordAction(tx);
        return open;
      });
      bus.announce({ type: 'session.turned', sessionId });
      for (const { userId: whose, id } of tabs) ended(whose, id);
    },

    async closeSession(sessionId) {
      const kept = unwritten.byId(sessionId);
      if (kept) {
        unwritten.end(({ id }) => id === sessionId);
        ended(kept.userId, sessionId);
        return;
      }
      const session = await db.session.findUnique({ where: { id: sessionId }, include: { tabs: true } });
      if (!session) return;
      await db.transaction(async (tx) => {
        await tx.session.deleteMany({ where: { id: sessionId } });
        await recordAction(tx);
      });
      for (const { id } of [session, ...session.tabs]) ended(session.userId, id);
    },

    async closeSessions(userId) {
      await db.transaction(async (tx) => {
        await endSessions(tx, userId);
        await tx.personalToken.deleteMany({ where: { userId } });
        await recordAction(tx);
      });
      ended(userId, null);
    },
  };
}
