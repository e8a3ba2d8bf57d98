import { CSV_FORMAT } from '#src/domain/files/csv.ts';
import { eventWords } from './event-words.ts';

export type AuditEventView = {
  readonly id: number;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string } | null;
  readonly type: string;
  readonly subjectId: string | null;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

const HEAD = ['time', 'who', 'what', 'type', 'subject', 'subject id', 'detail'];

export async function auditAsCsv(auditEvents: readonly AuditEventView[]): Promise<string> {
  const { stringify } = await import('csv-stringify/browser/esm/sync');
  const rows = auditEvents.map((event) => [
    event.at,
    event.actor?.name ?? 'System',
    eventWords(event),
    event.type,
    event.subject,
    event.subjectId,
    JSON.stringify(event.detail),
  ]);
  return stringify([HEAD, ...rows], { ...CSV_FORMAT, bom: true });
}
