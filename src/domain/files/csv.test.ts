import { stringify as inBrowsers } from 'csv-stringify/browser/esm/sync';
import { stringify } from 'csv-stringify/sync';
import { expect, test } from 'vitest';
import { CSV_FORMAT, type Row } from './csv.ts';

/** Written by both builds of the library that we use. */
function written(...rows: Row[]): string {
  const text = stringify(rows, CSV_FORMAT);
  expect(inBrowsers(rows, CSV_FORMAT)).toBe(text);
  return text;
}

test.each([
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['+1', "'+1"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  [' =1', "' =1"],
  ['＝1', "'＝1"],
  ['18446744073709551615', "'18446744073709551615"],
])('%j is harmless text', (text, cell) => expect(written([text, 1])).toBe(`${cell},1\r\n`));

test.each([
  ['two\nlines', '"two\nlines"'],
  ['two\rlines', '"two\rlines"'],
  ['a "b", c', '"a ""b"", c"'],
  ['a;b', '"a;b"'],
  [' a', '" a"'],
  ['a ', '"a "'],
  ['Ångström', 'Ångström'],
])('%j stays one cell', (text, cell) => expect(written([text, 'x'])).toBe(`${cell},x\r\n`));

test('numbers stay numbers, nothing is an empty cell', () => {
  expect(written([-2, 7.5, null, '', true, false])).toBe('-2,7.5,,,yes,no\r\n');
});
