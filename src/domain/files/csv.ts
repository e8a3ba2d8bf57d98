export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

/** A spreadsheet would run such a text as a formula; some skip white space before it. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/;
/** A spreadsheet keeps 15 digits of a number, and a seed is worth nothing without the others. */
const LONG_NUMBER = /^\d{16,}$/;

/** How every CSV file of ours is written, as options of csv-stringify. Add `bom` to the first rows of a file: by it Excel knows UTF-8. */
export const CSV_FORMAT = {
  record_delimiter: 'windows',
  // The library quotes only whole "\r\n"; Excel splits at semicolons where commas are decimal signs, and drops spaces at the ends.
  quoted_match: /^\s|\s$|[;\r\n]/,
  cast: {
    string: (text: string): string => (FORMULA.test(text) || LONG_NUMBER.test(text) ? `'${text}` : text),
    boolean: (value: boolean): string => (value ? 'yes' : 'no'),
  },
} as const;
