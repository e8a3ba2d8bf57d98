import { z } from 'zod';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database } from '../connection.ts';

const SYSTEM = 'system';
const detail = z.record(z.string(), z.unknown());

export function createAuditLog(db: Database, bus: Bus): AuditLog {
  return {
    async write(event) {
      await db.auditEvent.create({
        data: {
          at: new Date(event.at),
          actorId: event.actor?.id ?? null,
          actorName: event.actor?.name ?? '',
          type: event.type,
          subjectId: event.subjectId,
          detail: JSON.stringify(event.detail),
        },
      });
      bus.announce({ type: 'act.written' });
    },
    async list({ from, to, subjectId, actorId = null, words, besides, limit, beforeId }) {
      const rows = await db.auditEvent.findMany({
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
      const rows = await db.auditEvent.findMany({
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
      const { count } = await db.auditEvent.deleteMany({ where: { at: { lt: new Date(time) } } });
      return count;
    },
  };
}
