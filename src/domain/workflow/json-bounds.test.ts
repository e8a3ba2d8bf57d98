import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { parseGraphJson } from './graph-json.ts';
import { assertBoundedJson } from './json-bounds.ts';

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('what JSON may be like before it is parsed', () => {
  test('as deep and as long as any workflow', () => {
    for (const text of ['', '1', '{"a":[1,{"b":"[[[["}]}', deep(64), `"${'['.repeat(1000)}\\"${'{'.repeat(1000)}"`])
      expect(() => assertBoundedJson(text)).not.toThrow();
  });

  test.each([
    ['65 levels', deep(65), 'nested more than 64 levels'],
    ['levels without an end', '['.repeat(8_000_000), 'nested more than 64 levels'],
    ['objects', '{"a":'.repeat(1000), 'nested more than 64 levels'],
    ['levels behind a text that ends with a backslash', `["\\\\",${deep(65)}]`, 'nested more than 64 levels'],
    ['a million and one values', `[${'0,'.repeat(1_000_001)}0]`, 'more than 1,000,000 values'],
    ['a million and one lists', `[${'[],'.repeat(500_001)}0]`, 'more than 1,000,000 values'],
  ])('refuses %s', (_, text, message) => {
    expect(() => assertBoundedJson(text)).toThrow(AppError);
    expect(() => parseGraphJson(text)).toThrow(message);
  });
});
