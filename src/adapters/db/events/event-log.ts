import type { EventLog } from '#src/ports/events.ts';
import type { Database } from '../connection.ts';
import { toEvent } from '../rows.ts';

export function createEventLog(db: Database): EventLog {
  return {
    async newestId() {
      const row = await db.event.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
      return row?.id ?? 0;
    },
    async oldestId() {
      const row = await db.event.findFirst({ orderBy: { id: 'asc' }, select: { id: true } });
      return row?.id ?? null;
    },
    countSince: ({ afterId, userId, limit }) =>
      db.event.count({ where: { id: { gt: afterId }, ...(userId !== null && { userId }) }, take: limit }),
    async since({ afterId, userId, limit }) {
      const rows = await db.event.findMany({
        where: { id: { gt: afterId }, ...(userId !== null && { userId }) },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map(toEvent);
    },
    async forgetBefore(time) {
      const newest = await db.event.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
      // The newest one stays, so that a later listener can still be told whether it missed something.
      const { count } = await db.event.deleteMany({
        where: { createdAt: { lt: new Date(time) }, id: { lt: newest?.id ?? 0 } },
      });
      return count;
    },
  };
}
