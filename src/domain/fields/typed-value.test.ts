import { expect, test } from 'vitest';
import type { FieldKind, FieldValue } from './fields-of.ts';
import { typedValue } from './typed-value.ts';

test.each<[FieldKind, FieldValue, string | boolean, unknown]>([
  ['prompt', 'a', ' a gull ', { value: ' a gull ' }],
  ['prompt', 'a', '', { value: '' }],
  ['other', false, true, { value: true }],
  ['seed', 1, '18446744073709551615', { value: '18446744073709551615' }],
  ['seed', 1, '-1', { why: 'A whole number of at most 20 digits.' }],
  ['steps', 20, '30', { value: '30' }],
  ['steps', 20, '0', { why: 'A whole number above zero.' }],
  ['width', 512, '1e3', { why: 'A whole number above zero.' }],
  ['cfg', 7, '7.5', { value: 7.5 }],
  ['cfg', 7, '7,5', { value: 7.5 }],
  ['cfg', 7, '', { why: 'A number, such as 7.5.' }],
  ['other', 1, '-3', { value: '-3' }],
  ['other', 1, 'many', { why: 'A number, such as 7.5.' }],
])('a %s of %s, typed %s', (kind, value, typed, expected) => {
  expect(typedValue({ kind, value }, typed)).toEqual(expected);
});
