import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsDocument, TABLE } from './table.testing.ts';

/** A formatter may have padded the columns. */
const words = (page: string): string =>
  page
    .replace(/-{3,}/g, '---')
    .replace(/ *\| */g, '|')
    .replace(/ +/g, ' ')
    .trim();

test('docs/faults.md says what the tests check', () => {
  const page = readFileSync(new URL('../../../../docs/faults.md', import.meta.url), 'utf8');
  expect(words(page)).toBe(words(faultsDocument()));
});

test('there are at least eighty faults', () =>
  expect(Object.values(TABLE).flatMap((theme) => Object.keys(theme)).length).toBeGreaterThanOrEqual(80));
