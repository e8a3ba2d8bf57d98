import { z } from 'zod';
import { LOG_LEVELS, LOG_SOURCES } from '#src/domain/client-logs/browser-log.ts';
import type { ClientLogFilter, ClientLogs } from '#src/ports/client-logs.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database } from '../connection.ts';
import type { Dialect } from '../dialect.ts';
import { recordAction } from './record-action.ts';

const level = z.enum(LOG_LEVELS);
const source = z.enum(LOG_SOURCES);

const where = ({ userId, source, level, words, group }: ClientLogFilter, { contains }: Dialect) => ({
  ...(userId !== null && { userId }),
  ...(source !== null && { source }),
  ...(level !== null && { level }),
  ...(group !== null && { group }),
  ...(words !== null && {
    OR: [{ message: contains(words) }, { stack: contains(words) }, { page: contains(words) }],
  }),
});

export function createClientLogs(db: Database, bus: Bus): ClientLogs {
  const announce = () => bus.announce({ type: 'logs.written' });
  return {
    async write({ userId, source, browser, entries }) {
      await db.clientLog.createMany({
        data: entries.map(({ at, group, level, message, stack, page, count }) => ({
          userId,
          source,
          browser,
          at: new Date(at),
          group,
          level,
          message,
          stack: stack ?? null,
          page,
          count,
        })),
      });
      announce();
    },
    async groups(filter, limit) {
      const found = await db.clientLog.groupBy({
        by: ['group'],
        where: where(filter, db.dialect),
        _sum: { count: true },
        _max: { id: true },
        orderBy: { _max: { id: 'desc' } },
        take: limit,
      });
      const names = found.map(({ group }) => group);
      const [last, people] = await Promise.all([
        db.clientLog.findMany({ where: { id: { in: found.flatMap(({ _max }) => _max.id ?? []) } } }),
        db.clientLog.groupBy({
          by: ['group', 'userId'],
          where: { ...where(filter, db.dialect), group: { in: names } },
        }),
      ]);
      return found.flatMap(({ group, _sum }) => {
        const newest = last.find((row) => row.group === group);
        if (!newest) return [];
        return {
          group,
          level: level.parse(newest.level),
          message: newest.message,
          source: source.parse(newest.source),
          page: newest.page,
          browser: newest.browser,
          count: _sum.count ?? 0,
          people: people.filter((each) => each.group === group).length,
          lastAt: newest.at.getTime(),
        };
      });
    },
    async list({ limit, beforeId, ...filter }) {
      const rows = await db.clientLog.findMany({
        where: { ...where(filter, db.dialect), ...(beforeId !== null && { id: { lt: beforeId } }) },
        include: { user: { select: { id: true, name: true } } },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map((row) => ({
        id: row.id,
        at: row.at.getTime(),
        user: row.user,
        level: level.parse(row.level),
        message: row.message,
        stack: row.stack,
        source: source.parse(row.source),
        page: row.page,
        browser: row.browser,
        count: row.count,
      }));
    },
    people() {
      return db.user.findMany({
        where: { clientLogs: { some: {} } },
        select: { id: true, name: true },
        orderBy: { nameKey: 'asc' },
      });
    },
    async clear(group) {
      const count = await db.transaction(async (tx) => {
        const gone = await tx.clientLog.deleteMany({ where: { group } });
        if (gone.count > 0) await recordAction(tx);
        return gone.count;
      });
      if (count > 0) announce();
      return count;
    },
    async forget(before, most) {
      const first = await db.clientLog.findFirst({ orderBy: { id: 'desc' }, skip: most, select: { id: true } });
      const { count } = await db.clientLog.deleteMany({
        where: { OR: [{ at: { lt: new Date(before) } }, { id: { lte: first?.id ?? 0 } }] },
      });
      return count;
    },
  };
}
