import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cancelledSentence, isSince, readsInterruptId } from './worker-version.ts';

test.each([
  ['0.3.56', false],
  ['0.3.57', true],
  ['v0.3.58', true],
  ['0.3.64', true],
  ['0.3.100', true],
  ['0.2.99', false],
  ['0.4.0', true],
  ['0.33.0', true],
  ['0.33', true],
  ['1.0.0', true],
  ['0.3.57-12-gabc', true],
  ['0.3.57+local', true],
  [' 0.3.57\n', true],
  ['0.3', false],
  ['0.3.57.1', false],
  ['3', false],
  ['', false],
  ['unknown', false],
  ['nightly-2025', false],
  [`${'9'.repeat(60)}.0.0`, false],
  [null, false],
])('%j reads the id of what to interrupt: %s', (version, reads) => {
  expect(readsInterruptId(version)).toBe(reads);
});

test('a newer version reads what an older one reads', () => {
  const version = fc.tuple(fc.nat(2), fc.nat(40), fc.nat(120));
  fc.assert(
    fc.property(version, version, (a, b) => {
      const [older, newer] = [a, b].sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
      if (readsInterruptId(older!.join('.'))) expect(readsInterruptId(newer!.join('.'))).toBe(true);
    }),
  );
});

test.each([
  ['0.3.40', 'Cancelled. This GPU’s ComfyUI is too old to stop a running job: it keeps running in the background.'],
  ['0.3.64', 'Cancelled.'],
  [null, 'Cancelled.'],
])('cancelled while %s runs it', (version, sentence) => {
  expect(cancelledSentence(version)).toBe(sentence);
});

test.each([
  ['0.33.0', '0.33', true],
  ['0.33', '0.33', true],
  ['v0.33.1', '0.33', true],
  ['1.0.0', '0.33', true],
  ['0.33.0-rc1', '0.33', true],
  ['0.32.9', '0.33', false],
  ['0.3.64', '0.3.64', true],
  ['0.3.64', '0.19.3', false],
  ['0.19.2', '0.19.3', false],
  ['0.19.10', '0.19.3', true],
  ['0.3', '0.3.64', false],
  ['unknown', '0.33', false],
  ['', '0.33', false],
  [null, '0.33', false],
])('%j is %s or newer: %s', (version, since, answer) => expect(isSince(version, since)).toBe(answer));
