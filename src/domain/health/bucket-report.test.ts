import { expect, test } from 'vitest';
import { type BucketFacts, bucketReport } from './bucket-report.ts';
import type { CheckOutcome } from './finding.ts';

test.each<[CheckOutcome<BucketFacts>, string, RegExp, RegExp | null]>([
  [{ type: 'got', value: { refused: null } }, 'ok', /"films" at s3\.test: files can be stored/, null],
  [{ type: 'got', value: { refused: 'No.' } }, 'fault', /^No\.$/, /wait on the share/],
  [{ type: 'failed', code: 'EIO' }, 'fault', /cannot be used \(EIO\)/, /wait on the share/],
  [{ type: 'silent' }, 'fault', /did not respond in time/, /S3_ENDPOINT/],
])('%j', (outcome, level, sentence, help) => {
  expect(bucketReport('films', 's3.test', outcome)).toEqual({
    level,
    what: 'Object storage',
    sentence: expect.stringMatching(sentence),
    doThis: help === null ? null : expect.stringMatching(help),
  });
});
