import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('..', import.meta.url);
const page = readFileSync(new URL('docs/decisions/own-code.md', ROOT), 'utf8');
const pathsIn = (text: string): string[] => [...text.matchAll(/`(src\/[^`]+)`/g)].map(([, path = '']) => path);

function linesOf(path: string): number {
  const url = new URL(path, ROOT);
  if (statSync(url).isFile()) return readFileSync(url, 'utf8').split('\n').length - 1;
  return readdirSync(url)
    .filter((name) => !/\.(test|testing)\.ts$|^(cases|fixtures)$/.test(name))
    .reduce((sum, name) => sum + linesOf(`${path}/${name}`), 0);
}

test('every path of the page exists', () => {
  expect(pathsIn(page).filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});

const rows = page
  .split('\n')
  .filter((line) => /\| +\d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, what = '', where = '', lines = '']) => ({ what, paths: pathsIn(where), lines: Number(lines) }));

test('the table is read', () => expect(rows.length).toBeGreaterThan(15));

test.each(rows)('$what: about $lines lines', ({ paths, lines }) => {
  const found = paths.reduce((sum, path) => sum + linesOf(path), 0);
  expect(lines).toBeGreaterThan(found * 0.75 - 10);
  expect(lines).toBeLessThan(found * 1.25 + 10);
});
