import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactJson } from './exact-json.ts';
import { parseGraphJson, readableGraph, toGraphJson } from './graph-json.ts';

const whole = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 60n }))
  .map(([minus, n]) => (minus && n > 0n ? -n : n));
const jsonText = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    whole.map(String),
    fc.string().map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null', '0.5'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .dictionary(
        fc.string({ minLength: 1 }).map((key) => `k${key}`),
        tie('value'),
        { maxKeys: 4 },
      )
      .map((all) => `{${Object.entries(all).map(([key, text]) => `${JSON.stringify(key)}:${text}`)}}`),
  ),
})).value;

describe('lossless JSON', () => {
  test('any JSON text with whole numbers of any length survives', () => {
    fc.assert(fc.property(jsonText, (text) => toGraphJson(parseGraphJson(text)) === text));
  });

  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['-9876543210987654321', -9876543210987654321n],
    ['0.12345678901234567890', 0.12345678901234568],
    ['1e999', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['"NaN 1234567890123456789"', 'NaN 1234567890123456789'],
    ['[NaN,"\\"NaN",Infinity]', [Number.NaN, '"NaN', Number.POSITIVE_INFINITY]],
    ['{"a":1,"a":12345678901234567890}', { a: 12345678901234567890n }],
  ])('%s', (text, value) => {
    expect(parseGraphJson(text)).toEqual(value);
  });

  test.each(['', '{', 'NaNa', '{"a":NaN', 'nan', '--Infinity', '1234567890123456789x'])('%j is no JSON', (text) => {
    expect(() => parseGraphJson(text)).toThrow(SyntaxError);
  });

  test('has limits, and says so', () => {
    expect(() => parseGraphJson('9'.repeat(4301))).toThrow('A number has 4301 digits; at most 4300 are allowed.');
    const depth = 1_000_000;
    expect(() => parseGraphJson(`${'['.repeat(depth)}1234567890123456789${']'.repeat(depth)}`)).toThrow();
  });

  test('reads the longest texts', () => {
    const value = { text: '"\\'.repeat(1_000_000), seed: 18446744073709551615n };
    expect(parseGraphJson(toGraphJson(value))).toEqual(value);
  });

  test('a key named __proto__ stays a key', () => {
    const value = parseGraphJson('{"__proto__":{"a":12345678901234567890}}');
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
  });

  test('for others large numbers are text', () => {
    const text = '{"a":[1,18446744073709551615,null],"b":0.30000000000000004}';
    const { graph, exact } = readableGraph(text);
    expect(graph).toEqual({ a: [1, '18446744073709551615', null], b: 0.30000000000000004 });
    expect(exactJson(graph, exact)).toBe(text);
    expect(readableGraph('{"seed":7}')).toEqual({ graph: { seed: 7 }, exact: null });
    expect(exactJson({ seed: 7 }, null)).toBe('{"seed":7}');
  });
});
