import { expect, test } from 'vitest';
import { clockFault } from './clock-report.ts';

const now = Date.parse('2020-01-01T00:00:00Z');

test.each([
  [null, null],
  [now - 1, null],
  [now + 3_600_000, null],
  [Date.parse('2026-11-30T10:05:00Z'), /says 2020-01-01 00:00 UTC, but .* of 2026-11-30 10:05 UTC\. Set the clock \(/],
])('newest entry %s: %s', (newest, words) => {
  const said = clockFault(now, newest);
  if (words === null) expect(said).toBeNull();
  else expect(said).toMatch(words);
});
