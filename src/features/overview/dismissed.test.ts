import { expect, test } from 'vitest';
import type { ClassFinding } from '#src/domain/health/class-findings.ts';
import { findingKey, sortOut } from './dismissed.ts';

const failed = (count: number, urgent = false): ClassFinding => ({
  code: 'many_failed',
  urgent,
  sentence: `${count} jobs failed.`,
  help: { type: 'show failed', reason: 'lost' },
});
const paused: ClassFinding = { code: 'queue_paused', urgent: false, sentence: 'Paused.', help: { type: 'resume' } };

test('a dismissed finding stays hidden while its figures change, and is shown when it becomes urgent', () => {
  const dismissed = [findingKey(failed(3))];
  expect(sortOut([failed(4), paused], dismissed)).toEqual({ shown: [paused], hidden: [failed(4)] });
  expect(sortOut([failed(4, true)], dismissed)).toEqual({ shown: [failed(4, true)], hidden: [] });
  expect(sortOut([], dismissed)).toEqual({ shown: [], hidden: [] });
});
