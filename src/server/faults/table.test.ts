import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsDocument, TABLE } from './table.testing.ts';

test('docs/faults.md says what the tests check', () => {
  const page = readFileSync(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  expect(page).toBe(faultsDocument());
});

test('there are at least forty faults', () =>
  expect(Object.values(TABLE).flatMap((theme) => Object.keys(theme)).length).toBeGreaterThanOrEqual(40));
