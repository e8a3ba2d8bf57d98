import { expect, test } from 'vitest';
import { canRetry } from './can-retry.ts';
import type { JobStatus, Reason } from './job.ts';

test.each<[status: JobStatus, reason: Reason | null, rejectedBy: string, enabled: string, may: boolean]>([
  ['running', null, '', 'a', false],
  ['queued', null, '', 'a', false],
  ['completed', null, '', 'a', true],
  ['cancelled', 'cancelled', '', 'a', true],
  ['failed', 'execution_error', '', 'a', true],
  ['failed', 'lost', '', '', true],
  ['failed', 'invalid_graph', '', 'a b', false],
  ['failed', 'key_forgotten', '', 'a b', false],
  ['failed', 'rejected_by_worker', 'a', 'a', false],
  ['failed', 'rejected_by_worker', 'a', 'a b', true],
  ['failed', 'rejected_by_worker', 'a b', 'a b', false],
  ['failed', 'rejected_by_worker', 'a', '', false],
  // It was rejected before, and ended for another reason where it ran then.
  ['failed', 'execution_error', 'a', 'a', true],
])('%s, %s, rejected by “%s” of “%s”: %s', (status, reason, rejectedBy, enabled, may) => {
  const list = (names: string): string[] => names.split(' ').filter(Boolean);
  expect(canRetry({ status, reason, rejectedBy: list(rejectedBy) }, list(enabled))).toBe(may);
});
