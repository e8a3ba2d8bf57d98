import { expect, test } from 'vitest';
import { allowedExtraData, extraDataKey, fromStored, toStored, withoutComfyKeys } from './extra-data.ts';

const given = { api_key_comfy_org: 'comfyui-0000', other: { a: 1 } };

test('what is allowed goes on, and of the rest only the name is told', () => {
  expect(allowedExtraData(given, ['api_key_comfy_org'])).toEqual({
    data: { api_key_comfy_org: 'comfyui-0000' },
    warnings: [{ nodeId: '', classType: '', message: expect.stringContaining('“other”') }],
  });
  const none = allowedExtraData(given, []);
  expect(none.data).toEqual({});
  expect(none.warnings[0]?.message).toContain('“api_key_comfy_org”, “other”');
  expect(JSON.stringify(none)).not.toContain('comfyui-0000');
  expect(allowedExtraData({}, ['api_key_comfy_org'])).toEqual({ data: {}, warnings: [] });
});

/** As one process seals; another reads nothing. */
const seal = (text: string): string => Buffer.from(text).toString('base64url');
const unseal = (sealed: string): string => Buffer.from(sealed, 'base64url').toString();

test('keys of Comfy accounts are stored sealed, and the rest beside them', () => {
  const data = { api_key_comfy_org: 'comfyui-0000', auth_token_comfy_org: { a: 'comfyui-0001' }, other: { a: 1 } };
  const stored = toStored(data, seal) ?? '';
  expect(JSON.parse(stored)).toEqual({ other: { a: 1 }, _sealed: expect.any(String) });
  expect(stored).not.toMatch(/comfyui|comfy_org/);
  expect(fromStored(stored, unseal)).toEqual({ data, isWhole: true });
  expect(fromStored(stored, () => null)).toEqual({ data: { other: { a: 1 } }, isWhole: false });
});

test('what holds no key is stored as it is, and nothing as nothing', () => {
  const failing = (): never => {
    throw new Error('nothing is sealed here');
  };
  expect(toStored({}, failing)).toBeNull();
  expect(toStored({ other: 1 }, failing)).toBe('{"other":1}');
  expect(fromStored('{"other":1}', failing)).toEqual({ data: { other: 1 }, isWhole: true });
});

test('jobs of earlier versions have theirs beside the rest', () => {
  const data = { api_key_comfy_org: 'comfyui-0000' };
  expect(fromStored(JSON.stringify(data), () => null)).toEqual({ data, isWhole: true });
});

test('a worker’s words are kept without the keys that it was told, and whole where one is too short to be a key', () => {
  const data = { api_key_comfy_org: 'comfyui-0000', auth_token_comfy_org: 'a', other: 'Unauthorized' };
  expect(withoutComfyKeys('Unauthorized: comfyui-0000, "comfyui-0000"', data)).toBe('Unauthorized: …, "…"');
  expect(withoutComfyKeys('Unauthorized', {})).toBe('Unauthorized');
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
