import { nameKey } from '#src/domain/users/name-key.ts';
import { userName } from '#src/domain/users/user.ts';

export type RosterRow = {
  readonly line: number;
  readonly name: string;
  readonly waitingCap: number | null;
  readonly inFlightCap: number | null;
  /** What is wrong with it, in words; null = nothing. */
  readonly fault: string | null;
};

type Raw = { readonly line: number; readonly name: string; readonly waiting: string; readonly inFlight: string };

const MAX_PEOPLE = 200;
const PATTERN = /^(.*?)(\d+)\s*\.\.\s*(.*?)(\d+)$/;

/** `film01..film20` is twenty names; anything else is one name. */
function expand(name: string): string[] {
  const parts = PATTERN.exec(name);
  if (!parts) return [name];
  const [, stem = '', first = '', again = '', last = ''] = parts;
  const [from, to] = [Number(first), Number(last)];
  if ((again !== '' && again !== stem) || to < from || to - from > MAX_PEOPLE) return [name];
  return Array.from({ length: to - from + 1 }, (_, n) => `${stem}${String(from + n).padStart(first.length, '0')}`);
}

const SEPARATORS = [',', ';', '\t'];
const columnOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^a-z]/g, '');

const isTable = (text: string): boolean => {
  const head = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  const columns = head.split(/[,;\t]/).map(columnOf);
  return columns.includes('name') && (columns.length > 1 || columns[0] === 'name');
};

async function readTable(text: string): Promise<Raw[]> {
  const { parse } = await import('csv-parse/browser/esm/sync');
  const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
    bom: true,
    columns: (head: string[]) => head.map(columnOf),
    delimiter: SEPARATORS,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
  });
  return rows.map(({ record, info }) => ({
    line: info.lines,
    name: record.name ?? '',
    waiting: record.waitingcap ?? '',
    inFlight: record.inflightcap ?? '',
  }));
}

const readLines = (text: string): Raw[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) =>
      line.trim() === ''
        ? []
        : expand(line.trim()).map((name) => ({ line: index + 1, name, waiting: '', inFlight: '' })),
    );

/** Null for empty, undefined for an invalid number. */
function capOf(text: string, most: number): number | null | undefined {
  if (text === '') return null;
  const cap = Number(text);
  return Number.isInteger(cap) && cap >= 1 && cap <= most ? cap : undefined;
}

/** The accounts to create from pasted text: names, patterns, or a table with a header. `taken`: keys of existing names. */
export async function readRoster(text: string, taken: ReadonlySet<string>): Promise<RosterRow[]> {
  const raw = isTable(text) ? await readTable(text) : readLines(text);
  const seen = new Map<string, number>();
  return raw.map(({ line, name: written, waiting, inFlight }, index) => {
    const name = userName.safeParse(written);
    const [waitingCap, inFlightCap] = [capOf(waiting, 10_000), capOf(inFlight, 100)];
    const key = name.success ? nameKey(name.data) : '';
    const first = seen.get(key);
    if (name.success && first === undefined) seen.set(key, line);
    const fault = (): string | null => {
      if (!name.success) return name.error.issues[0]?.message ?? 'This is not a valid name.';
      if (taken.has(key)) return 'This name is already taken.';
      if (first !== undefined) return `Duplicate of line ${first}.`;
      if (waitingCap === undefined) return `waitingCap: "${waiting}" is not a whole number from 1 to 10000.`;
      if (inFlightCap === undefined) return `inFlightCap: "${inFlight}" is not a whole number from 1 to 100.`;
      return index >= MAX_PEOPLE ? `At most ${MAX_PEOPLE} people at a time.` : null;
    };
    return {
      line,
      name: name.success ? name.data : written,
      waitingCap: waitingCap ?? null,
      inFlightCap: inFlightCap ?? null,
      fault: fault(),
    };
  });
}

/** Spreadsheets write tables in the letters of their country as often as in Unicode. */
export function decodeText(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
    throw error;
  }
}
