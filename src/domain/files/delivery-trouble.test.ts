import { expect, test } from 'vitest';
import { deliveryErrorLevel } from './delivery-trouble.ts';

test.each([
  ['file_changed', ['debug', 'debug', 'warn', null, null]],
  ['share_unavailable', ['warn', null, null, null, null]],
  ['storage_full', ['warn', null, null, null, null]],
])('%s', (code, levels) => {
  expect([1, 2, 3, 4, 5].map((times) => deliveryErrorLevel(code, times))).toEqual(levels);
});
