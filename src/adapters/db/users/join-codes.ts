import type { JoinCode, JoinCodes } from '#src/ports/classes.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import type * as Rows from '../generated/models.ts';
import { createIn } from './user-store.ts';

const WITH_TAKEN = { _count: { select: { users: true } } } as const;

const toJoinCode = (row: Rows.JoinCodeModel & { _count: { users: number } }): JoinCode => ({
  id: row.id,
  code: row.code,
  seats: row.seats,
  taken: row._count.users,
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt.getTime(),
  closedAt: row.closedAt?.getTime() ?? null,
});

/** Thrown to take a transaction back, and caught again outside of it. */
class NoSeat extends Error {}

export function createJoinCodes(db: Database): JoinCodes {
  return {
    async add({ id, code, seats, createdAt, expiresAt }) {
      await db.transaction(async (tx) => {
        await tx.joinCode.create({
          data: { id, code, seats, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) },
        });
        await recordAction(tx);
      });
    },

    async list() {
      const rows = await db.joinCode.findMany({ orderBy: { createdAt: 'desc' }, include: WITH_TAKEN });
      return rows.map(toJoinCode);
    },

    async byCode(code) {
      const row = await db.joinCode.findUnique({ where: { code }, include: WITH_TAKEN });
      return row && toJoinCode(row);
    },

    async close(id, now) {
      return db.transaction(async (tx) => {
        const closed = await tx.joinCode.updateMany({
          where: { id, closedAt: null },
          data: { closedAt: new Date(now) },
        });
        if (closed.count > 0) await recordAction(tx);
        return closed.count > 0;
      });
    },

    async joined(id) {
      const row = await db.joinCode.findUnique({
        where: { id },
        select: { users: { where: { deletedAt: null }, select: { id: true, _count: { select: { jobs: true } } } } },
      });
      return row ? row.users.map((user) => ({ id: user.id, jobs: user._count.jobs })) : null;
    },

    async takeSeat(codeId, user) {
      try {
        return await db.transaction(async (tx) => {
          const made = await createIn(tx, { ...user, joinCodeId: codeId });
          const { seats, _count } = await tx.joinCode.findUniqueOrThrow({ where: { id: codeId }, include: WITH_TAKEN });
          if (_count.users > seats) throw new NoSeat();
          await recordAction(tx);
          return made;
        });
      } catch (error) {
        if (error instanceof NoSeat) return null;
        throw error;
      }
    },
  };
}
