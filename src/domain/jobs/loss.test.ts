import { describe, expect, test } from 'vitest';
import { REASONS, type Reason } from './job.ts';
import { afterLoss, lastLoss, type Try, triesThatCount } from './loss.ts';

const rules = { maxAttempts: 3, startBudgetMs: 600_000 };
const MINUTE = 60_000;

/** Attempts a minute apart, the last of which has just failed: `l`ost, never `s`tarted, `u`nreachable. */
const tries = (letters: string): Try[] => {
  const outcomes: Readonly<Record<string, Reason>> = { l: 'lost', s: 'never_started', u: 'endpoint_unreachable' };
  return [...letters].map((letter, index) => ({
    sentAt: index * MINUTE,
    outcome: index === letters.length - 1 ? null : (outcomes[letter] ?? null),
  }));
};

const CASES: [Reason, string, number, 'again' | 'give_up'][] = [
  ['never_started', 's', 0, 'again'],
  ['never_started', 'ls', 150 * MINUTE, 'again'],
  ['never_started', 'lss', 3 * MINUTE, 'give_up'],
  ['lost', 'll', MINUTE, 'again'],
  ['lost', 'lll', 3 * MINUTE, 'give_up'],
  ['lost', 'llll', 4 * MINUTE, 'give_up'],
  ['lost', 'uuuuul', 6 * MINUTE, 'again'],
  ['lost', 'luuul', 6 * MINUTE, 'again'],
  ['lost', 'luuulul', 7 * MINUTE, 'give_up'],
  ['endpoint_unreachable', 'u', 150 * MINUTE, 'again'],
  ['endpoint_unreachable', 'uuu', 10 * MINUTE - 1, 'again'],
  ['endpoint_unreachable', 'uuu', 10 * MINUTE, 'give_up'],
  ['endpoint_unreachable', 'uuuuuuuuuu', 10 * MINUTE - 1, 'again'],
  ['endpoint_unreachable', 'lluuu', 12 * MINUTE - 1, 'again'],
  ['endpoint_unreachable', 'lluuu', 12 * MINUTE, 'give_up'],
  ['invalid_graph', 'l', 0, 'give_up'],
  ['rejected_by_worker', 'l', 0, 'give_up'],
  ['execution_error', 'l', 0, 'give_up'],
  ['timed_out', 'l', 0, 'give_up'],
  ['incomplete', 'l', 0, 'again'],
  ['incomplete', 'lll', 3 * MINUTE, 'give_up'],
  ['storage_full', 'l', 0, 'give_up'],
  ['key_forgotten', 'l', 0, 'give_up'],
  ['storage_unavailable', 'l', 0, 'give_up'],
  ['cancelled', 'l', 0, 'give_up'],
];

test.each(CASES)('%s after %s, at %i ms: %s', (reason, letters, now, verdict) =>
  expect(afterLoss({ reason, tries: tries(letters), now }, rules)).toBe(verdict),
);

test('every reason is in the table', () => expect(new Set(CASES.map(([reason]) => reason))).toEqual(new Set(REASONS)));

describe('the tries that count', () => {
  test.each<[Reason, string, number]>([
    ['lost', 'uluul', 2],
    ['lost', 'l', 1],
    ['endpoint_unreachable', 'uluu', 2],
    ['endpoint_unreachable', 'uuu', 3],
    ['endpoint_unreachable', 'lu', 1],
  ])('%s after %s: %i', (reason, letters, count) => expect(triesThatCount(reason, tries(letters))).toHaveLength(count));
});

test.each([
  ['', null],
  ['l', 'The GPU was lost; trying again (2 of 3).'],
  ['ll', 'The GPU was lost; trying again (3 of 3).'],
  ['ul', 'The GPU was lost; trying again (2 of 3).'],
  ['lll', 'The GPU was lost; trying again.'],
  ['lu', 'No GPU could be reached; trying again.'],
])('what is told after %j', (letters, message) => {
  const ended = tries(`${letters}s`).slice(0, -1);
  expect(lastLoss(ended, 3, null)?.message ?? null).toBe(message);
});

test.each(['completed', 'superseded', 'cancelled', 'execution_error'])('after %s there is no loss to tell', (outcome) =>
  expect(lastLoss([{ sentAt: 0, outcome }], 3, null)).toBeNull(),
);

test.each([
  ['u', { answer: null, startedAt: null }, true],
  ['u', { answer: 'unknown', startedAt: null }, true],
  ['u', { answer: 'accepted', startedAt: null }, false],
  ['u', { answer: null, startedAt: 9 }, false],
  ['l', { answer: 'accepted', startedAt: null }, true],
  ['l', { answer: 'accepted', startedAt: 9 }, false],
] as const)('after %j, with an attempt at %j, the loss is still told: %s', (letters, running, isTold) => {
  expect(lastLoss(tries(`${letters}s`).slice(0, -1), 3, running) !== null).toBe(isTold);
});
