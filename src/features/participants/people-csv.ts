import { CSV_FORMAT } from '#src/domain/files/csv.ts';
import type { Person } from './people.ts';

const HEAD = ['name', 'role', 'enabled', 'joined', 'last seen', 'jobs', 'results', 'bytes'];

/** The table of participants for a spreadsheet. */
export async function peopleCsv(people: readonly Person[]): Promise<string> {
  const { stringify } = await import('csv-stringify/browser/esm/sync');
  const rows = people.map((one) => [
    one.name,
    one.role,
    one.enabled,
    one.createdAt,
    one.lastSeenAt,
    one.jobs,
    one.results,
    one.bytes,
  ]);
  return stringify([HEAD, ...rows], { ...CSV_FORMAT, bom: true });
}
