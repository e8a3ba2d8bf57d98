import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dumps, fileError, loads, PythonError, repr, toFloat, toInt } from './python.ts';

test.each([
  [null, 'None'],
  [true, 'True'],
  ["it's", `"it's"`],
  [`it's "so"`, `'it\\'s "so"'`],
  ['a\nb', "'a\\nb'"],
  [[1, 'x', null], "[1, 'x', None]"],
  [{ a: { b: false } }, "{'a': {'b': False}}"],
])('repr of %j', (value, text) => {
  expect(repr(value)).toBe(text);
});

test('dumps is JSON in ASCII with spaces', () => {
  expect(dumps({ a: [1, 'ü', '😀'], b: null })).toBe('{"a": [1, "\\u00fc", "\\ud83d\\ude00"], "b": null}');
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: 'small' }), (value) => {
      const json = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(dumps(json))).toEqual(json);
      expect(dumps(json)).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

describe('numbers from what a prompt may hold', () => {
  test.each([
    ['64', 64],
    [' -7 ', -7],
    ['1_000', 1000],
    [3.9, 3],
    [-3.9, -3],
    [true, 1],
  ])('int(%j) is %d', (value, number) => expect(toInt(value)).toBe(number));
  test.each(['abc', '1.5', '', null, {}])('int(%j) raises', (value) => expect(() => toInt(value)).toThrow(PythonError));
  test.each([
    ['7.5', 7.5],
    ['1e3', 1000],
    ['.5', 0.5],
    [false, 0],
  ])('float(%j) is %d', (value, number) => expect(toFloat(value)).toBe(number));
  test.each(['abc', '', null])('float(%j) raises', (value) => expect(() => toFloat(value)).toThrow(PythonError));
});

test('file errors have Python’s messages, others are unchanged', () => {
  expect(fileError(Object.assign(new Error('x'), { code: 'ENOSPC' }), '/a')).toMatchObject({
    type: 'OSError',
    message: "[Errno 28] No space left on device: '/a'",
  });
  const other = new Error('x');
  expect(fileError(other, '/a')).toBe(other);
});

test('integers keep every digit', () => {
  const text = '{"seed": 18446744073709551615, "small": 5, "large": [-9876543210987654321], "part": 0.5}';
  expect(dumps(loads(text))).toBe(text);
  expect(toInt('18446744073709551615')).toBe(18446744073709551615n);
  expect(repr(loads('9007199254740993'))).toBe('9007199254740993');
});
