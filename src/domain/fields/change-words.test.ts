import { expect, test } from 'vitest';
import { flux, sdxl } from '../fixtures/workflows.ts';
import { changeWords } from './change-words.ts';
import { type Change, withChanges } from './with-changes.ts';

const of = (graph: typeof sdxl, ...changes: [string, string, Change['value']][]): string | null =>
  changeWords(
    graph,
    withChanges(
      graph,
      changes.map(([nodeId, input, value]) => ({ nodeId, input, value })),
    ),
  );

test.each<[string, string | null, [string, string, Change['value']][]]>([
  ['nothing', null, []],
  ['a seed', 'Seed 77', [['3', 'seed', 77]]],
  ['the largest seed', 'Seed 18446744073709551615', [['3', 'seed', '18446744073709551615']]],
  ['the prompt', 'Prompt: “a gull”', [['6', 'text_g', ' a gull ']]],
  ['the negative prompt', 'Negative prompt: “text”', [['7', 'text', 'text']]],
  [
    'steps and seed, in the order of their weight',
    'Steps 30 → 40, Seed 7',
    [
      ['3', 'seed', 7],
      ['3', 'steps', 40],
    ],
  ],
  [
    'a model, without its folder',
    'Model sd_xl_base_1.0.safetensors → b.safetensors',
    [['4', 'ckpt_name', 'sdxl/b.safetensors']],
  ],
  [
    'many',
    'Width 1152 → 8, Height 896 → 8, Count 2 → 1 and 2 more',
    [
      ['5', 'width', 8],
      ['5', 'height', 8],
      ['5', 'batch_size', 1],
      ['3', 'steps', 1],
      ['3', 'seed', 1],
    ],
  ],
  ['what has no name of its own', 'Sampler name dpmpp_2m → euler', [['3', 'sampler_name', 'euler']]],
])('%s', (_, words, changes) => {
  expect(of(sdxl, ...changes)).toBe(words);
});

test('a long prompt is cut', () => {
  expect(of(sdxl, ['7', 'text', 'very '.repeat(50)])).toBe(
    'Negative prompt: “very very very very very very very very…”',
  );
});

test('graphs with nothing in common', () => {
  expect(changeWords(sdxl, flux)).toBe(null);
});
