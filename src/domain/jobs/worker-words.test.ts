import { expect, test } from 'vitest';
import type { NodeErrors } from '../errors.ts';
import { nodeErrorLines } from '../workflow/node-error-words.ts';
import { cutDetail, cutMessage, cutNodeErrors, listedNodeErrors } from './worker-words.ts';

const fault = (message: string, extra_info = {}) => ({ type: 'x', message, details: '', extra_info });
const error = (...errors: ReturnType<typeof fault>[]): NodeErrors[string] => ({
  class_type: 'KSampler',
  dependent_outputs: ['9'],
  errors,
});
const endless = 'x'.repeat(2_000_000);

test('what fits stays as it is', () => {
  const errors = { 3: error(fault('no such model', { input_name: 'ckpt_name' })), 4: error() };
  expect(cutNodeErrors(errors)).toEqual(errors);
  expect([cutMessage('a'), cutDetail('b')]).toEqual(['a', 'b']);
});

test.each<[string, NodeErrors]>([
  ['one message without end', { 3: error(fault(endless)) }],
  ['ten thousand nodes', Object.fromEntries(Array.from({ length: 10_000 }, (_, id) => [id, error(fault('no'))]))],
  ['ten thousand faults of one', { 3: error(...Array.from({ length: 10_000 }, () => fault('no'))) }],
  ['a long list beside it', { 3: error(fault('no', { input_name: 'ckpt', input_config: [endless] })) }],
  ['long names', { 3: { class_type: endless, dependent_outputs: [endless], errors: [fault('no')] } }],
  ['outputs without end', { 3: { ...error(fault('no')), dependent_outputs: Array(50_000).fill('9') } }],
  ['an id without end', { 2: error(fault('no')), [endless]: error(fault('no')) }],
])('%s: so much is kept that one attempt leaves 64 KB, and something is', (_, errors) => {
  for (const [cut, most] of [
    [cutNodeErrors, 17_000],
    [listedNodeErrors, 2100],
  ] as const) {
    const kept = cut(errors);
    expect(JSON.stringify(kept).length).toBeLessThanOrEqual(most);
    expect(Object.values(kept)[0]?.errors.length).toBeGreaterThan(0);
  }
});

test('texts are cut where they end with a sign of it', () => {
  expect(cutMessage(endless)).toHaveLength(8192);
  expect(cutDetail(endless)).toHaveLength(40_960);
  expect(cutMessage(endless).endsWith('x…')).toBe(true);
});

test.each([
  ['instead of the type', (models: string[]) => [models, {}]],
  ['in the options', (models: string[]) => ['COMBO', { options: models }]],
])('of a long list of models the nearest stay, with the one that was asked for: %s', (_, configOf) => {
  const models = Array.from({ length: 60 }, (_, at) => `models/checkpoint-number-${at}.safetensors`);
  const asked = {
    input_name: 'ckpt_name',
    input_config: configOf(models),
    received_value: 'checkpoint-number-42.ckpt',
  };
  const kept = listedNodeErrors({ 3: error({ ...fault('Value not in list', asked), type: 'value_not_in_list' }) });
  expect(nodeErrorLines(kept)[0]).toMatch(
    /^KSampler: ckpt_name — “checkpoint-number-42.ckpt” is not available; available: models\/checkpoint-number-42\.safetensors, .+ and others$/,
  );
});
