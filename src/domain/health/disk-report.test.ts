import { expect, test } from 'vitest';
import { type DiskFacts, diskReport, MIN_FREE_BYTES } from './disk-report.ts';
import type { CheckOutcome } from './finding.ts';

const GB = 1000 ** 3;
const disk = (facts: Partial<DiskFacts>): CheckOutcome<DiskFacts> => ({
  type: 'got',
  value: { free: 100 * GB, isThere: true, refused: null, ...facts },
});

test.each<[string, CheckOutcome<DiskFacts>, string, RegExp]>([
  ['room', disk({}), 'ok', /^100 GB free at \/srv\/out\.$/],
  ['enough room', disk({ free: 5 * GB }), 'ok', /5.0 GB/],
  ['little room', disk({ free: 4 * GB }), 'warn', /Only 4.0 GB/],
  ['very little', disk({ free: MIN_FREE_BYTES }), 'warn', /Only 200 MB/],
  ['none', disk({ free: MIN_FREE_BYTES - 1_000_000 }), 'fault', /Only 199 MB/],
  ['room that is not told', disk({ free: null }), 'ok', /does not report/],
  ['read-only', disk({ refused: 'EROFS' }), 'fault', /cannot be written to \(EROFS\)/],
  ['cannot be made', disk({ isThere: false, refused: 'EACCES' }), 'fault', /cannot be made \(EACCES\)/],
  ['will be made', disk({ isThere: false }), 'ok', /100 GB/],
  ['unusable', { type: 'failed', code: 'ENOTDIR' }, 'fault', /cannot be used \(ENOTDIR\)/],
  ['hangs', { type: 'silent' }, 'fault', /did not respond/],
])('%s', (_, outcome, level, words) => {
  const finding = diskReport('Files', '/srv/out', 'OUTPUTS_DIR', outcome);
  expect(finding).toMatchObject({ level, what: 'Files', sentence: expect.stringMatching(words) });
  expect(finding.doThis === null).toBe(level === 'ok');
});
