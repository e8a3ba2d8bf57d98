import { expect, test } from 'vitest';
import { REASONS, type Reason } from './job.ts';
import { afterLoss } from './loss.ts';

const rules = { maxAttempts: 3, startBudgetMs: 600_000 };
const CASES: [Reason, number, number, 'again' | 'give_up'][] = [
  ['never_started', 1, 0, 'again'],
  ['never_started', 2, 9_000_000, 'again'],
  ['never_started', 3, 0, 'give_up'],
  ['lost', 2, 0, 'again'],
  ['lost', 3, 0, 'give_up'],
  ['lost', 4, 0, 'give_up'],
  ['endpoint_unreachable', 1, 9_000_000, 'again'],
  ['endpoint_unreachable', 50, 599_999, 'again'],
  ['endpoint_unreachable', 3, 600_000, 'give_up'],
  ['invalid_graph', 1, 0, 'give_up'],
  ['rejected_by_worker', 1, 0, 'give_up'],
  ['execution_error', 1, 0, 'give_up'],
  ['timed_out', 1, 0, 'give_up'],
  ['incomplete', 1, 0, 'give_up'],
  ['storage_full', 1, 0, 'give_up'],
  ['cancelled', 1, 0, 'give_up'],
];

test.each(CASES)('%s, attempt %i, %i ms old: %s', (reason, attempts, ageMs, verdict) =>
  expect(afterLoss({ reason, attempts, ageMs }, rules)).toBe(verdict),
);

test('every reason is in the table', () => expect(new Set(CASES.map(([reason]) => reason))).toEqual(new Set(REASONS)));
