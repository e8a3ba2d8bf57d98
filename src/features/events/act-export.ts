import { CSV_FORMAT } from '#src/domain/files/csv.ts';
import { actWords } from './act-words.ts';

export type ActView = {
  readonly id: number;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string } | null;
  readonly type: string;
  readonly subjectId: string | null;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

const HEAD = ['time', 'who', 'what', 'type', 'subject', 'subject id', 'detail'];

export async function actsAsCsv(acts: readonly ActView[]): Promise<string> {
  const { stringify } = await import('csv-stringify/browser/esm/sync');
  const rows = acts.map((act) => [
    act.at,
    act.actor?.name ?? 'System',
    actWords(act),
    act.type,
    act.subject,
    act.subjectId,
    JSON.stringify(act.detail),
  ]);
  return stringify([HEAD, ...rows], { ...CSV_FORMAT, bom: true });
}
