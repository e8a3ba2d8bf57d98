import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { withOneMore } from '#src/domain/events/audit-detail.ts';
import type { AuditEvent, NewAct } from '#src/ports/audit-log.ts';
import type { Database, Transaction } from '../connection.ts';

const MAX_NAMES = 20;
/** All jobs that can be changed at once, as the story of each shows it. */
const MAX_LISTED = { ids: 500, paths: 20 };

export type ActionPart = { readonly list: 'ids' | 'paths'; readonly value: string };

/** An action on its way, and how much of its entry is known. */
export type Action = {
  readonly id: string;
  readonly entry: NewAct;
  /** Read before the action, which may delete or rename what it is about. */
  readonly subjectName: string | null;
  hasParts: boolean;
  isOver: boolean;
};

/** Follows the calls of an action through services and stores, none of which has to pass it on. */
export const underWay = new AsyncLocalStorage<{ readonly action: Action; readonly part: ActionPart | null }>();

export const detailSchema = z.record(z.string(), z.unknown());
const listed = z.array(z.string()).catch([]);

/** What this id names, now. */
export async function nameOf(db: Database | Transaction, id: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT "name" FROM "User" WHERE "id" = ${id} UNION ALL SELECT "name" FROM "Endpoint" WHERE "id" = ${id}
    UNION ALL SELECT "name" FROM "Workflow" WHERE "id" = ${id} UNION ALL SELECT "title" FROM "Job" WHERE "id" = ${id}
    UNION ALL SELECT "code" FROM "JoinCode" WHERE "id" = ${id} UNION ALL SELECT "name" FROM "PersonalToken" WHERE "id" = ${id}
    UNION ALL SELECT "name" FROM "Result" WHERE "id" = ${id} UNION ALL SELECT "name" FROM "Input" WHERE "id" = ${id}`;
  return rows[0]?.name ?? null;
}

export const rowOf = (entry: NewAct, subjectName: string | null) => ({
  at: new Date(entry.at),
  actorId: entry.actor?.id ?? null,
  actorName: entry.actor?.name ?? '',
  onBehalfOfId: entry.onBehalfOf?.id ?? null,
  onBehalfOfName: entry.onBehalfOf?.name ?? null,
  type: entry.type,
  subjectId: entry.subjectId,
  subjectName,
  detail: JSON.stringify(entry.detail),
});

async function withPart(
  tx: Transaction,
  detail: AuditEvent['detail'],
  { list, value }: ActionPart,
): Promise<AuditEvent['detail']> {
  const values = listed.parse(detail[list]);
  if (values.includes(value)) return detail;
  const names = listed.parse(detail.names);
  const name = list === 'ids' && names.length < MAX_NAMES ? await nameOf(tx, value) : null;
  const named = name === null ? {} : { names: [...names, name] };
  return { ...detail, [list]: withOneMore(values, value, MAX_LISTED[list]), ...named };
}

/** Part of every transaction that an action may make: stores its entry, or adds to it what this transaction is about. */
export async function recordAction(tx: Transaction): Promise<void> {
  const current = underWay.getStore();
  if (!current || current.action.isOver) return;
  const { action, part } = current;
  const { entry } = action;
  const found = await tx.auditEvent.findUnique({ where: { actionId: action.id }, select: { detail: true } });
  if (found && !part) return;
  const before = found ? detailSchema.parse(JSON.parse(found.detail)) : entry.detail;
  // What was asked for is no list of what was done.
  const begun = found || !part ? before : { ...before, [part.list]: [] };
  const detail = part ? await withPart(tx, begun, part) : begun;
  if (found) {
    await tx.auditEvent.update({ where: { actionId: action.id }, data: { detail: JSON.stringify(detail) } });
    return;
  }
  const subjectName = action.subjectName ?? (entry.subjectId === null ? null : await nameOf(tx, entry.subjectId));
  await tx.auditEvent.create({ data: { ...rowOf({ ...entry, detail }, subjectName), actionId: action.id } });
}
