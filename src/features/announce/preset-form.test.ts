import { expect, test } from 'vitest';
import { fieldsOf } from '#src/domain/fields/fields-of.ts';
import { fieldKey } from '#src/domain/fields/limits.ts';
import { preset } from '#src/domain/fields/preset.ts';
import { sdxl } from '#src/domain/fixtures/workflows.ts';
import { limitsFault, NO_LIMITS, type TypedLimits, toPreset, typedLimits } from './preset-form.ts';

const fields = fieldsOf(sdxl);
const typed = new Map<string, TypedLimits>([
  ['3 steps', { ...NO_LIMITS, least: ' 10', most: '40' }],
  ['3 cfg', { ...NO_LIMITS, most: '9,5' }],
  ['4 ckpt_name', { ...NO_LIMITS, choices: 'a.safetensors\n\n b.safetensors \na.safetensors' }],
  ['5 width', { ...NO_LIMITS, most: '1024' }],
]);

test('what is typed becomes limits of the fields that are shown, and is typed so again', () => {
  const shown = new Set(['3 seed', '3 steps', '3 cfg', '4 ckpt_name', '7 text', 'gone text']);
  const made = toPreset(fields, shown, typed, false);
  expect(made).toEqual({
    fields: [
      { nodeId: '7', input: 'text' },
      { nodeId: '3', input: 'steps', least: 10, most: 40 },
      { nodeId: '3', input: 'cfg', most: 9.5 },
      { nodeId: '3', input: 'seed' },
      { nodeId: '4', input: 'ckpt_name', choices: ['a.safetensors', 'b.safetensors'] },
    ],
    others: false,
  });
  const stored = preset.parse(JSON.parse(JSON.stringify(made)));
  expect(toPreset(fields, new Set(stored.fields.map(fieldKey)), typedLimits(stored), false)).toEqual(made);
});

test.each([
  ['', '', null],
  ['1', '1', null],
  ['-2', '0.5', null],
  ['2', '1', 'The first is larger than the second.'],
  ['two', '', 'A number, or nothing.'],
  ['', '1e999', 'A number, or nothing.'],
])('limits %j to %j', (least, most, why) => {
  expect(limitsFault({ ...NO_LIMITS, least, most })).toBe(why);
});
