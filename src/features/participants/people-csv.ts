import type { Person } from './people.ts';

/** A spreadsheet runs cells that begin like this as formulas. */
const FORMULA = /^[=+\-@\t\r]/;

const cell = (value: string | number): string => {
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const HEAD = ['name', 'role', 'enabled', 'joined', 'last seen', 'jobs', 'results', 'bytes'];

/** The table of participants for a spreadsheet. */
export const peopleCsv = (people: readonly Person[]): string =>
  `\uFEFF${[
    HEAD,
    ...people.map((one) => [
      one.name,
      one.role,
      one.enabled ? 'yes' : 'no',
      one.createdAt,
      one.lastSeenAt ?? '',
      one.jobs,
      one.results,
      one.bytes,
    ]),
  ]
    .map((row) => row.map(cell).join(','))
    .join('\r\n')}\r\n`;
