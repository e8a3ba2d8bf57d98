import { expect, test } from 'vitest';
import { type DiskFacts, diskReport, LEAST_FREE_BYTES } from './disk-report.ts';
import type { Outcome } from './finding.ts';

const GIB = 1024 ** 3;
const disk = (facts: Partial<DiskFacts>): Outcome<DiskFacts> => ({
  type: 'got',
  value: { free: 100 * GIB, isThere: true, refused: null, ...facts },
});

test.each<[string, Outcome<DiskFacts>, string, RegExp]>([
  ['room', disk({}), 'ok', /^100 GiB are free at \/srv\/out\.$/],
  ['enough room', disk({ free: 5 * GIB }), 'ok', /5 GiB/],
  ['little room', disk({ free: 5 * GIB - 1 }), 'warn', /Only 4 GiB/],
  ['very little', disk({ free: LEAST_FREE_BYTES }), 'warn', /Only 50 MiB/],
  ['none', disk({ free: LEAST_FREE_BYTES - 1 }), 'fault', /Only 49 MiB/],
  ['room that is not told', disk({ free: null }), 'ok', /does not tell/],
  ['read-only', disk({ refused: 'EROFS' }), 'fault', /cannot be written to \(EROFS\)/],
  ['cannot be made', disk({ isThere: false, refused: 'EACCES' }), 'fault', /cannot be made \(EACCES\)/],
  ['will be made', disk({ isThere: false }), 'ok', /100 GiB/],
  ['unusable', { type: 'failed', code: 'ENOTDIR' }, 'fault', /cannot be used \(ENOTDIR\)/],
  ['hangs', { type: 'silent' }, 'fault', /gave no answer/],
])('%s', (_, outcome, level, words) => {
  const finding = diskReport('Files', '/srv/out', 'OUTPUTS_DIR', outcome);
  expect(finding).toMatchObject({ level, what: 'Files', sentence: expect.stringMatching(words) });
  expect(finding.doThis === null).toBe(level === 'ok');
});
