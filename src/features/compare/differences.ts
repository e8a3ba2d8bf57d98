export type Row = { readonly name: string; readonly values: readonly (string | null)[]; readonly differs: boolean };

/** One row for each name of which at least one has something to say. */
export function rowsOf<Name extends string>(
  names: readonly Name[],
  sheets: readonly Readonly<Record<Name, string | null>>[],
): Row[] {
  return names.flatMap((name) => {
    const values = sheets.map((sheet) => sheet[name]);
    if (values.every((value) => value === null)) return [];
    return [{ name, values, differs: new Set(values).size > 1 }];
  });
}

/** Rows of running text: of these the words that differ are what matters. */
export const PROSE = new Set(['Prompt', 'Negative']);
/** What differs between any two files. */
const ALWAYS = new Set(['File', 'Made', 'Took', 'On the GPU']);
/** What the size says already. */
const IN_SIZE = /: (width|height)$/;
const MAX_SHORT = 3;
const MAX_WORDS = 28;

const short = (text: string): string => (text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS - 1).trimEnd()}…` : text);
const changed = (text: string, other: string): string =>
  short(
    ownWords(text, other)
      .flatMap((piece) => (piece.own ? piece.text.trim() : []))
      .join(' '),
  );

function inShort({ name, values }: Row, at: number): string | null {
  const [first, own] = [values[0] ?? null, values[at] ?? null];
  const label = name.slice(name.lastIndexOf(' ') + 1);
  if (at > 0 && first === own) return null;
  if (PROSE.has(name)) {
    if (at === 0 || first === null || own === null) return null;
    const [left, added] = [changed(first, own), changed(own, first)];
    if (left === '' && added === '') return `${name} differs`;
    return `${name}: ${[left && `− ${left}`, added && `+ ${added}`].filter(Boolean).join(' ')}`;
  }
  return at === 0 ? `${label} ${short(own ?? 'none')}` : `${label} ${short(first ?? 'none')} → ${short(own ?? 'none')}`;
}

/** What differs from the first result, for a line on the picture: of the first one its values. */
export function shortDifferences(rows: readonly Row[], at: number): string[] {
  const differing = rows.filter(({ differs, name, values }) => differs && !ALWAYS.has(name) && values.length > 1);
  const isSized = differing.some(({ name }) => name === 'Size');
  const told = differing.flatMap((row) => (isSized && IN_SIZE.test(row.name) ? [] : (inShort(row, at) ?? [])));
  return told.length > MAX_SHORT + 1 ? [...told.slice(0, MAX_SHORT), `${told.length - MAX_SHORT} more`] : told;
}

/** A piece of a text; `own`: it is not in the text that it is compared with. */
export type Piece = { readonly text: string; readonly own: boolean };

const MAX_LENGTH = 600;
const piecesOf = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? [];

/** Which words of a text are not, in this order, in the other one. Of very long texts nothing is marked. */
export function ownWords(text: string, other: string): Piece[] {
  const [a, b] = [piecesOf(text), piecesOf(other)];
  if (a.length > MAX_LENGTH || b.length > MAX_LENGTH) return [{ text, own: false }];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: { text: string; own: boolean }[] = [];
  let j = 0;
  for (const [i, word] of a.entries()) {
    while (j < b.length && b[j] !== word && at(i, j + 1) > at(i + 1, j)) j += 1;
    const shared = b[j] === word;
    if (shared) j += 1;
    const last = pieces.at(-1);
    const own = !shared && word.trim() !== '';
    if (last && last.own === own) last.text += word;
    else pieces.push({ text: word, own });
  }
  return pieces;
}
