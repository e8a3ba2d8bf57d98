import { expect, test } from 'vitest';
import { ERROR_CODES } from '#src/domain/errors.ts';
import { isToldOnCard } from './use-run.ts';

test('no answer, and faults of the graph, are told on the card of the job', () => {
  expect(isToldOnCard({ code: null })).toBe(true);
  expect(ERROR_CODES.filter((code) => isToldOnCard({ code }))).toEqual(['invalid_graph']);
});
