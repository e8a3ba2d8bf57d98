import { expect, test } from 'vitest';
import { allowedExtraData, extraDataKey } from './extra-data.ts';

const given = { api_key_comfy_org: 'comfyui-0000', other: { a: 1 } };

test('what is allowed goes on, and of the rest only the name is told', () => {
  expect(allowedExtraData(given, ['api_key_comfy_org'])).toEqual({
    text: '{"api_key_comfy_org":"comfyui-0000"}',
    warnings: [{ nodeId: '', classType: '', message: expect.stringContaining('“other”') }],
  });
  const none = allowedExtraData(given, []);
  expect(none.text).toBeNull();
  expect(none.warnings[0]?.message).toContain('“api_key_comfy_org”, “other”');
  expect(JSON.stringify(none)).not.toContain('comfyui-0000');
  expect(allowedExtraData({}, ['api_key_comfy_org'])).toEqual({ text: null, warnings: [] });
});

test('many names are not all told, and too much is refused', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key${n}`, n]));
  expect(allowedExtraData(many, []).warnings[0]?.message).toContain('“key4” and 45 more');
  expect(() => allowedExtraData({ a: 'x'.repeat(20_000) }, ['a'])).toThrow('16 KiB');
});

test.each([
  ['api_key_comfy_org', true],
  ['extra_pnginfo', false],
  ['client_id', false],
  ['__proto__', false],
  ['', false],
])('%s may be allowed: %s', (key, may) => expect(extraDataKey.safeParse(key).success).toBe(may));
