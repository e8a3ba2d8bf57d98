import { eventWords } from './event-words.ts';

export type ActView = {
  readonly id: number;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string } | null;
  readonly type: string;
  readonly subjectId: string | null;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A table program runs what begins like a formula. */
const cell = (value: string): string => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

export function actsAsCsv(acts: readonly ActView[]): string {
  const rows = acts.map((act) => [
    act.at,
    act.actor?.name ?? 'System',
    eventWords(act),
    act.type,
    act.subject ?? '',
    act.subjectId ?? '',
    JSON.stringify(act.detail),
  ]);
  return [['time', 'who', 'what', 'type', 'subject', 'subject id', 'detail'], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}
