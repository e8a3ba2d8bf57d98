import { actorWords, eventWords } from './event-words.ts';

export type AuditEventView = {
  readonly id: number;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string } | null;
  readonly onBehalfOf: { readonly id: string | null; readonly name: string } | null;
  readonly type: string;
  readonly subjectId: string | null;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A table program runs what begins like a formula. */
const cell = (value: string): string => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

export function auditAsCsv(auditEvents: readonly AuditEventView[]): string {
  const rows = auditEvents.map((event) => [
    event.at,
    actorWords(event),
    eventWords(event),
    event.type,
    event.subject ?? '',
    event.subjectId ?? '',
    JSON.stringify(event.detail),
  ]);
  return [['time', 'who', 'what', 'type', 'subject', 'subject id', 'detail'], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}
