import { z } from 'zod';
import type { Acts } from '#src/ports/acts.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database } from '../connection.ts';

const SYSTEM = 'system';
const detail = z.record(z.string(), z.unknown());

export function createActs(db: Database, bus: Bus): Acts {
  return {
    async write(act) {
      await db.act.create({
        data: {
          at: new Date(act.at),
          actorId: act.actor?.id ?? null,
          actorName: act.actor?.name ?? '',
          type: act.type,
          subjectId: act.subjectId,
          detail: JSON.stringify(act.detail),
        },
      });
      bus.announce({ type: 'act.written' });
    },
    async list({ from, to, subjectId, actorId = null, words, besides, limit, beforeId }) {
      const rows = await db.act.findMany({
        where: {
          ...(beforeId !== null && { id: { lt: beforeId } }),
          ...(subjectId !== null && { subjectId }),
          ...(actorId !== null && { actorId: actorId === SYSTEM ? null : actorId }),
          at: { ...(from !== null && { gte: new Date(from) }), ...(to !== null && { lt: new Date(to) }) },
          ...(words !== null && {
            OR: [
              { type: { contains: words } },
              { actorName: { contains: words } },
              { detail: { contains: words } },
              { type: { in: [...(besides?.types ?? [])] } },
              { subjectId: { in: [...(besides?.subjectIds ?? [])] } },
              ...(besides?.detail ? [{ detail: { contains: besides.detail } }] : []),
            ],
          }),
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map((row) => ({
        id: row.id,
        at: row.at.getTime(),
        actor: row.actorId === null ? null : { id: row.actorId, name: row.actorName },
        type: row.type,
        subjectId: row.subjectId,
        detail: detail.parse(JSON.parse(row.detail)),
      }));
    },
    async actors() {
      const rows = await db.act.findMany({
        where: { actorId: { not: null } },
        distinct: ['actorId'],
        orderBy: { id: 'desc' },
        select: { actorId: true, actorName: true },
      });
      return rows
        .flatMap(({ actorId, actorName }) => (actorId === null ? [] : { id: actorId, name: actorName }))
        .sort((a, b) => a.name.localeCompare(b.name));
    },
    async forgetBefore(time) {
      const { count } = await db.act.deleteMany({ where: { at: { lt: new Date(time) } } });
      return count;
    },
  };
}
