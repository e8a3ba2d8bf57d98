import { expect, test } from 'vitest';
import { nearestChoices } from './nearest-choices.ts';

const MODELS = [
  'anything-v5.safetensors',
  'flux/flux1-dev-fp8.safetensors',
  'sd_xl_turbo_1.0.safetensors',
  'v1-5.ckpt',
];

test.each([
  ['sd_xl_base_1.0.safetensors', 'sd_xl_turbo_1.0.safetensors'],
  ['FLUX1-dev.safetensors', 'flux/flux1-dev-fp8.safetensors'],
  ['v1-5-pruned.safetensors', 'v1-5.ckpt'],
])('%s: first of all %s', (wanted, first) => {
  const near = nearestChoices(wanted, MODELS);
  expect(near[0]).toBe(first);
  expect(near.toSorted()).toEqual(MODELS);
});

test('where nothing is alike, or nothing to compare, the order stays', () => {
  expect(nearestChoices('?', MODELS)).toEqual(MODELS);
  expect(nearestChoices(7, [1, 2])).toEqual([1, 2]);
  expect(nearestChoices('a', [])).toEqual([]);
});
