import { expect, test } from 'vitest';
import { decodeText, readRoster } from './roster.ts';

const nobody: ReadonlySet<string> = new Set();
const named = async (text: string) => (await readRoster(text, nobody)).map(({ name }) => name);
const faults = async (text: string, taken: readonly string[] = []) =>
  (await readRoster(text, new Set(taken))).map(({ line, fault }) => [line, fault]);

test.each([
  ['one name a line, empty ones left out', 'Anna\r\n\n  Ben  \n', ['Anna', 'Ben']],
  ['a pattern', 'film08..film11', ['film08', 'film09', 'film10', 'film11']],
  ['a pattern with the stem left out', 'seat 1..3', ['seat 1', 'seat 2', 'seat 3']],
  ['patterns and names together', 'Anna\nx1..x2', ['Anna', 'x1', 'x2']],
  ['what is no pattern', 'a1..b3\n5..2', ['a1..b3', '5..2']],
  ['a table', 'name\nAnna\n"Ben, the second"\n', ['Anna', 'Ben, the second']],
  ['a table of Excel', '\uFEFFName;waitingCap\r\n"Zoë ""Z""";3\r\n\r\nLev;\r\n', ['Zoë "Z"', 'Lev']],
  ['a table with other columns', 'email\tname\na@b.test\tAnna\n', ['Anna']],
  ['a name with a comma is a name', 'Ångström, Zoë', ['Ångström, Zoë']],
])('%s', async (_, text, names) => {
  expect(await named(text)).toEqual(names);
});

test('caps come from their columns', async () => {
  expect(await readRoster('name,waitingCap,inFlightCap\nAnna,5,2\nBen,,\n', nobody)).toEqual([
    { line: 2, name: 'Anna', waitingCap: 5, inFlightCap: 2, fault: null },
    { line: 3, name: 'Ben', waitingCap: null, inFlightCap: null, fault: null },
  ]);
});

test('what is wrong is said line by line', async () => {
  expect(await faults('Anna\nBen\n\nANNA\na/b\nTeacher', ['teacher'])).toEqual([
    [1, null],
    [2, null],
    [4, 'Duplicate of line 1.'],
    [5, 'A name cannot contain / \\ : * ? " < > | or control characters.'],
    [6, 'This name is already taken.'],
  ]);
  expect(await faults('name,inFlightCap\nAnna,many\nBen,0\n')).toEqual([
    [2, 'inFlightCap: "many" is not a whole number from 1 to 100.'],
    [3, 'inFlightCap: "0" is not a whole number from 1 to 100.'],
  ]);
  expect((await faults('x001..x201')).filter(([, fault]) => fault !== null)).toEqual([
    [1, 'At most 200 people at a time.'],
  ]);
});

test('old spreadsheets are read in their own letters', () => {
  expect(decodeText(new TextEncoder().encode('Zoë').buffer)).toBe('Zoë');
  expect(decodeText(Uint8Array.from([0x5a, 0x6f, 0xeb]).buffer)).toBe('Zoë');
});
