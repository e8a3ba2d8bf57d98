import { z } from 'zod';
import type { Acts } from '#src/ports/acts.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database } from './connection.ts';

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
    async list({ from, to, subjectId, words, limit, beforeId }) {
      const rows = await db.act.findMany({
        where: {
          ...(beforeId !== null && { id: { lt: beforeId } }),
          ...(subjectId !== null && { subjectId }),
          at: { ...(from !== null && { gte: new Date(from) }), ...(to !== null && { lt: new Date(to) }) },
          ...(words !== null && {
            OR: [{ type: { contains: words } }, { actorName: { contains: words } }, { detail: { contains: words } }],
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
  };
}
