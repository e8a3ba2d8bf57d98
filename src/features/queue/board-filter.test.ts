import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REASONS } from '#src/domain/jobs/job.ts';
import { ALL_ALIVE, BOARD_STATES, boardAddress, readBoardFilter, toBoardQuery } from './board-filter.ts';

const params = (address: string) => new URLSearchParams(address.split('?')[1] ?? '');

test('a filter comes back from its address as it was', () => {
  const id = fc.option(fc.uuid(), { nil: null });
  fc.assert(
    fc.property(
      fc.record({
        state: fc.constantFrom(...BOARD_STATES),
        userId: id,
        endpointId: id,
        reason: fc.option(fc.constantFrom(...REASONS), { nil: null }),
        words: fc.string({ maxLength: 100, unit: 'grapheme' }).map((words) => words.trim().slice(0, 100).trim()),
      }),
      (filter) => {
        expect(readBoardFilter(params(boardAddress(filter)))).toEqual(filter);
      },
    ),
  );
});

test.each([
  '/admin/queue?state=none&person=a%20b&reason=x',
  '/admin/queue?endpoint=%2F..%2F&person=',
  `/admin/queue?person=${'x'.repeat(65)}`,
])('what makes no sense in %s is left out', (address) => {
  expect(readBoardFilter(params(address))).toEqual(ALL_ALIVE);
});

test('the board of everything alive has a plain address, and no words are not asked for', () => {
  expect(boardAddress({})).toBe('/admin/queue');
  expect(boardAddress({ words: '  ' })).toBe('/admin/queue');
  expect(toBoardQuery({ ...ALL_ALIVE, words: '  ' })).not.toHaveProperty('words');
});
