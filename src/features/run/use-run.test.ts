import { expect, test } from 'vitest';
import { ERROR_CODES } from '#src/domain/errors.ts';
import { isShownOnCard } from './use-run.ts';

test('a missing response and errors of the graph are shown on the card of the job', () => {
  expect(isShownOnCard({ code: null })).toBe(true);
  expect(ERROR_CODES.filter((code) => isShownOnCard({ code }))).toEqual(['invalid_graph']);
});
