import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomGraph } from '../fixtures/random-graph.ts';
import recorded from '../fixtures/recorded-prompts.json' with { type: 'json' };
import {
  encode,
  flux,
  fluxGuidance,
  node,
  onlyUpscaler,
  sd3,
  sdxl,
  upscaled,
  wanImage,
  wanText,
  wanTwoStages,
  zeroed,
} from '../fixtures/workflows.ts';
import { type MadeWith, madeWith } from './generation-parameters.ts';
import type { Graph } from './graph.ts';
import { savesOf } from './outputs/outputs.ts';
import { parseGraph } from './parse-graph.ts';

const NOTHING: MadeWith = {
  prompt: null,
  negative: null,
  model: null,
  loras: [],
  sampler: null,
  scheduler: null,
  steps: null,
  cfg: null,
  seed: null,
  width: null,
  height: null,
  frames: null,
};
const fluxMade = {
  ...NOTHING,
  prompt: 'a lighthouse in fog',
  model: 'flux1-dev.safetensors',
  sampler: 'euler',
  scheduler: 'simple',
  steps: 20,
  cfg: 3.5,
  seed: 7,
  width: 1024,
  height: 576,
};

const wanMade = {
  ...NOTHING,
  prompt: 'a fox runs',
  negative: 'still frame',
  model: 'wan2.1_t2v_14B.safetensors',
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  steps: 30,
  cfg: 7.5,
  seed: 42,
  width: 832,
  height: 480,
  frames: 81,
};

const sdxlMade = {
  ...NOTHING,
  prompt: 'a lighthouse',
  negative: 'blurry',
  model: 'sd_xl_base_1.0.safetensors',
  loras: ['lens.safetensors', 'grain.safetensors'],
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  steps: 30,
  cfg: 7.5,
  seed: 42,
  width: 1152,
  height: 896,
};

const CASES: [string, Graph, MadeWith][] = [
  ['SDXL with LoRAs', sdxl, sdxlMade],
  ['an upscaler behind it', upscaled, sdxlMade],
  ['only an upscaler', onlyUpscaler, { ...NOTHING, model: '4x-sharp.pth' }],
  ['Flux with CLIPTextEncodeFlux', flux, fluxMade],
  ['Flux with FluxGuidance', fluxGuidance, { ...fluxMade, prompt: 'a lighthouse at dawn', cfg: 4 }],
  [
    'a negative that was zeroed out',
    zeroed,
    {
      ...NOTHING,
      prompt: 'a lighthouse',
      model: 'flux1-dev.safetensors',
      sampler: 'dpmpp_2m',
      scheduler: 'karras',
      steps: 30,
      cfg: 1,
      seed: 42,
      width: 512,
      height: 512,
    },
  ],
  [
    'SD3 with linked values',
    sd3,
    {
      ...NOTHING,
      prompt: 'a pier',
      negative: 'grainy',
      model: 'sd3.5_large.safetensors',
      sampler: 'dpmpp_2m',
      scheduler: 'karras',
      steps: 30,
      cfg: 7.5,
      seed: 99,
      width: 1024,
      height: 1024,
    },
  ],
  ['Wan, text to video', wanText, wanMade],
  ['Wan, image to video', wanImage, wanMade],
  ['Wan, two stages', wanTwoStages, wanMade],
];

test.each(CASES)('%s', (_, graph, made) => expect(madeWith(graph, 'save')).toEqual(made));

describe('prompts', () => {
  const read = (encoder: Graph[string], more: Graph = {}) =>
    madeWith(
      {
        ...more,
        text: encoder,
        run: node('KSampler', { positive: ['text', 0] }),
        save: node('SaveImage', { images: ['run', 0], filename_prefix: 'x' }),
      },
      'save',
    ).prompt;

  /** Every text encoder of ComfyUI 0.3.64 with its text inputs. */
  test.each([
    ['CLIPTextEncode', 'text'],
    ['CLIPTextEncodeSDXLRefiner', 'text'],
    ['CLIPTextEncodeSDXL', 'text_g'],
    ['CLIPTextEncodeSDXL', 'text_l'],
    ['CLIPTextEncodePixArtAlpha', 'text'],
    ['CLIPTextEncodeControlnet', 'text'],
    ['CLIPTextEncodeSD3', 't5xxl'],
    ['CLIPTextEncodeSD3', 'clip_g'],
    ['CLIPTextEncodeSD3', 'clip_l'],
    ['CLIPTextEncodeHunyuanDiT', 'bert'],
    ['CLIPTextEncodeHunyuanDiT', 'mt5xl'],
    ['TextEncodeHunyuanVideo_ImageToVideo', 'prompt'],
    ['CLIPTextEncodeFlux', 't5xxl'],
    ['CLIPTextEncodeFlux', 'clip_l'],
    ['CLIPTextEncodeLumina2', 'user_prompt'],
    ['CLIPTextEncodeHiDream', 't5xxl'],
    ['CLIPTextEncodeHiDream', 'llama'],
    ['TextEncodeAceStepAudio', 'tags'],
    ['TextEncodeQwenImageEdit', 'prompt'],
    ['TextEncodeQwenImageEditPlus', 'prompt'],
  ])('%s.%s', (classType, input) => expect(read(node(classType, { [input]: ' a boat\n' }))).toBe('a boat'));

  test.each([
    [
      'linked to a text node',
      read(encode(['words', 0]), { words: node('PrimitiveStringMultiline', { value: 'a boat' }) }),
      'a boat',
    ],
    [
      'linked to what cannot be known',
      read(encode(['words', 0]), { words: node('LLMPrompt', { idea: 'boat' }) }),
      null,
    ],
    ['empty', read(encode('  ')), null],
    ['no text encoder', read(node('ConditioningMagic', { text: 'a boat' })), null],
  ])('%s', (_, prompt, expected) => expect(prompt).toBe(expected));
});

test('tells only of what the save node hangs on', () => {
  const both: Graph = {
    ...sdxl,
    other: node('SaveImage', { images: ['load', 0], filename_prefix: 'y' }),
    load: node('LoadImage', { image: 'a.png' }),
  };
  expect(madeWith(both, 'other')).toEqual(NOTHING);
  expect(madeWith(both, 'gone')).toEqual(NOTHING);
});

test('never throws, and says nothing that is not in the graph', () => {
  const graphs = fc.oneof(
    randomGraph,
    fc.constantFrom(...recorded.filter(({ status }) => status === 200).map(({ prompt }) => parseGraph(prompt))),
  );
  fc.assert(
    fc.property(graphs, (graph) => {
      const text = JSON.stringify(graph);
      for (const { nodeId: id } of savesOf(graph))
        for (const value of Object.values(madeWith(graph, id)).flat())
          if (value !== null) expect(text).toContain(String(value));
    }),
  );
});

test('the recorded pictures', () => {
  const made = recorded
    .filter(({ name }) => ['SaveImage', 'SaveLatent'].includes(name))
    .map(({ prompt }) => madeWith(parseGraph(prompt), '9'));
  expect(made).toEqual([
    { ...NOTHING, seed: 7, width: 64, height: 64 },
    { ...NOTHING, width: 64, height: 64 },
  ]);
});
