import { groupBy } from '#src/domain/group-by.ts';
import type { Bus } from '#src/ports/events.ts';
import type { ResultStore } from '#src/ports/results.ts';
import { storedTogether } from '../batched-transaction.ts';
import type { Database } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { recordAction } from '../events/record-action.ts';
import { inPieces } from '../in-pieces.ts';
import { toResult, WITH_METADATA } from '../rows.ts';
import { addSearchTerms } from './store-generation-metadata.ts';

type Change = {
  favourite?: boolean;
  rating?: number;
  rejected?: boolean;
  removedAt?: Date | null;
  wallAt?: Date | null;
  givenName?: string | null;
};

/** What owners do with results that are imported. */
export function resultMarks(
  db: Database,
  bus: Bus,
): Pick<
  ResultStore,
  | 'mark'
  | 'rename'
  | 'trash'
  | 'hang'
  | 'wall'
  | 'removedBefore'
  | 'giveUp'
  | 'forget'
  | 'restore'
  | 'purge'
  | 'keep'
  | 'expirePreviews'
> {
  const together = storedTogether(db, bus);

  async function change(userId: string, ids: readonly string[], data: Change): Promise<number> {
    const isShown = data.wallAt !== undefined && data.wallAt !== null;
    const own = { userId, deliveredAt: { not: null }, ...(isShown && { preview: false }) };
    const { count, hung } = await db.transaction(async (tx) => {
      const changed = await inPieces(ids, async (some) => {
        const where = { id: { in: some }, ...own };
        const hung = await tx.result.count({ where: { ...where, wallAt: { not: null } } });
        return [{ hung, count: (await tx.result.updateMany({ where, data })).count }];
      });
      const count = changed.reduce((sum, piece) => sum + piece.count, 0);
      if (count > 0) await recordAction(tx);
      return { count, hung: changed.reduce((sum, piece) => sum + piece.hung, 0) };
    });
    const wall = data.wallAt !== undefined && (hung > 0 || data.wallAt !== null);
    if (count > 0) bus.announce({ type: 'results.changed', userId, ids, wall });
    return count;
  }

  return {
    mark: (userId, ids, { favourite, rating, rejected }) =>
      change(userId, ids, {
        ...(favourite !== undefined && { favourite }),
        ...(rating !== undefined && { rating }),
        ...(rejected !== undefined && { rejected }),
      }),

    async rename(userId, resultId, name) {
      const renamed = (await change(userId, [resultId], { givenName: name })) > 0;
      // What the name is found by, if it is misspelt: without it nothing is lost.
      if (renamed && name !== null) await db.transaction((tx) => addSearchTerms(tx, userId, name));
      return renamed;
    },

    trash: (userId, ids, now) =>
      change(userId, ids, now === null ? { removedAt: null } : { removedAt: new Date(now), wallAt: null }),

    hang: (userId, ids, now) => change(userId, ids, { wallAt: now === null ? null : new Date(now) }),

    async wall({ limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const rows = await db.result.findMany({
        where: {
          wallAt: { not: null },
          removedAt: null,
          user: { disabledAt: null, deletedAt: null },
          ...(after && { OR: [{ wallAt: { lt: after.at } }, { wallAt: after.at, id: { lt: after.id } }] }),
        },
        orderBy: [{ wallAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
        include: { ...WITH_METADATA, user: { select: { name: true } } },
      });
      const items = rows.slice(0, limit).map((row) => ({ ...toResult(row), owner: row.user.name }));
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last?.wallAt ? toCursor(last.wallAt, last.id) : null };
    },

    async removedBefore(time, limit) {
      const rows = await db.result.findMany({
        where: { removedAt: { lt: new Date(time) } },
        orderBy: { removedAt: 'asc' },
        take: limit,
        include: WITH_METADATA,
      });
      return rows.map(toResult);
    },

    async giveUp(resultId, removedBefore) {
      const where = { id: resultId, removedAt: { lt: new Date(removedBefore) } };
      const [given] = await db.result.updateManyAndReturn({
        where,
        data: { deliveredAt: null },
        select: { userId: true },
      });
      if (given) bus.announce({ type: 'results.changed', userId: given.userId, ids: [resultId], wall: false });
      return given !== undefined;
    },

    async restore(at) {
      const rows = await db.transaction(async (tx) => {
        const changed = await tx.result.updateManyAndReturn({
          where: { removedAt: new Date(at), deliveredAt: { not: null } },
          data: { removedAt: null },
          select: { id: true, userId: true },
        });
        if (changed.length > 0) await recordAction(tx);
        return changed;
      });
      for (const [userId, own] of groupBy(rows, (row) => row.userId))
        bus.announce({ type: 'results.changed', userId, ids: own.map(({ id }) => id), wall: false });
      return rows.length;
    },

    async forget(resultId) {
      await db.transaction(async (tx) => {
        const found = await tx.result.findUnique({ where: { id: resultId }, select: { metadataId: true } });
        await tx.result.deleteMany({ where: { id: resultId } });
        // What it was made with goes with the last file of its node.
        if (found?.metadataId != null)
          await tx.generationMetadata.deleteMany({ where: { id: found.metadataId, results: { none: {} } } });
      });
    },

    keep: (resultId, reservationId) =>
      together(async (tx, announce) => {
        const found = await tx.result.findUnique({ where: { id: resultId } });
        if (!found || found.deliveredAt === null || found.removedAt !== null) return 'gone';
        if (!found.preview) return 'known';
        const { path, stem, counter } = await tx.result.delete({ where: { id: reservationId } });
        await tx.result.update({ where: { id: resultId }, data: { path, stem, counter, preview: false } });
        await recordAction(tx);
        announce({ type: 'results.changed', userId: found.userId, ids: [resultId], wall: false });
        return 'kept';
      }),

    async expirePreviews(before) {
      await db.result.updateMany({
        where: { preview: true, deliveredAt: { lt: new Date(before) } },
        data: { removedAt: new Date(0) },
      });
    },

    async purge(userId) {
      return db.transaction(async (tx) => {
        const { count } = await tx.result.updateMany({
          where: { userId },
          data: { removedAt: new Date(0), wallAt: null },
        });
        if (count > 0) await recordAction(tx);
        return count;
      });
    },
  };
}
