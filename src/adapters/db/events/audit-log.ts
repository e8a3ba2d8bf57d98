import { randomUUID } from 'node:crypto';
import { appErrorIn } from '#src/domain/errors.ts';
import type { AuditEvent, AuditLog } from '#src/ports/audit-log.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Log } from '#src/ports/log.ts';
import type { Database } from '../connection.ts';
import { type Action, detailSchema, nameOf, rowOf, underWay } from './record-action.ts';

const SYSTEM = 'system';

export function createAuditLog(db: Database, bus: Bus, log: Log): AuditLog {
  const announce = () => bus.announce({ type: 'act.written' });
  const named = (subjectId: string | null) => (subjectId === null ? null : nameOf(db, subjectId));

  /** Whether the entry was stored with the action. Adds `more` to it. */
  async function complete({ id }: Action, more: AuditEvent['detail']): Promise<boolean> {
    const found = await db.auditEvent.findUnique({ where: { actionId: id }, select: { detail: true } });
    if (!found) return false;
    if (Object.keys(more).length > 0) {
      const detail = JSON.stringify({ ...detailSchema.parse(JSON.parse(found.detail)), ...more });
      await db.auditEvent.update({ where: { actionId: id }, data: { detail } });
    }
    announce();
    return true;
  }

  const auditLog: AuditLog = {
    async record(entry, action, detailOf = () => ({})) {
      const subjectName = await named(entry.subjectId);
      const recorded: Action = { id: randomUUID(), entry, subjectName, hasParts: false, isOver: false };
      const settle = async (more: AuditEvent['detail'], isDone: boolean) => {
        recorded.isOver = true;
        try {
          if ((await complete(recorded, more)) || !isDone || recorded.hasParts) return;
        } catch (error) {
          log.error({ err: error, entry, more }, 'could not complete an audit entry');
          return;
        }
        await auditLog.write({ ...entry, detail: { ...entry.detail, ...more } });
      };
      try {
        const done = await underWay.run({ action: recorded, part: null }, action);
        await settle(detailOf(done), true);
        return done;
      } catch (error) {
        await settle({ unfinished: appErrorIn(error)?.message ?? 'An unexpected error; see the server log.' }, false);
        throw error;
      }
    },

    part(list, value, action) {
      const current = underWay.getStore();
      if (!current) return action();
      current.action.hasParts = true;
      return underWay.run({ action: current.action, part: { list, value } }, action);
    },

    async write(entry) {
      try {
        await db.auditEvent.create({ data: rowOf(entry, await named(entry.subjectId)) });
        announce();
      } catch (error) {
        log.error({ err: error, entry }, 'could not store an audit entry');
      }
    },

    async list({ from, to, subjectId, actorId = null, words, besides, limit, beforeId }) {
      const { contains } = db.dialect;
      const wanted = [];
      if (subjectId !== null) wanted.push({ OR: [{ subjectId }, { onBehalfOfId: subjectId }] });
      if (words !== null)
        wanted.push({
          OR: [
            { type: contains(words) },
            { actorName: contains(words) },
            { subjectName: contains(words) },
            { onBehalfOfName: contains(words) },
            { detail: contains(words) },
            { type: { in: [...(besides?.types ?? [])] } },
            ...(besides?.detail ? [{ detail: contains(besides.detail) }] : []),
          ],
        });
      const rows = await db.auditEvent.findMany({
        where: {
          ...(beforeId !== null && { id: { lt: beforeId } }),
          ...(actorId !== null && { actorId: actorId === SYSTEM ? null : actorId }),
          at: { ...(from !== null && { gte: new Date(from) }), ...(to !== null && { lt: new Date(to) }) },
          AND: wanted,
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map((row) => ({
        id: row.id,
        at: row.at.getTime(),
        actor: row.actorId === null ? null : { id: row.actorId, name: row.actorName },
        onBehalfOf: row.onBehalfOfName === null ? null : { id: row.onBehalfOfId, name: row.onBehalfOfName },
        type: row.type,
        subjectId: row.subjectId,
        subjectName: row.subjectName,
        detail: detailSchema.parse(JSON.parse(row.detail)),
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
  return auditLog;
}
