import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomGraph } from '../fixtures/random-graph.ts';
import { encode, flux, node, sdxl, zeroed } from '../fixtures/workflows.ts';
import type { Graph } from '../workflow/graph.ts';
import { fieldLabels } from './field-words.ts';
import { fieldsOf, MAX_FIELDS } from './fields-of.ts';

const kinds = (graph: Graph) =>
  fieldsOf(graph)
    .filter(({ kind }) => kind !== 'other')
    .map(({ nodeId, input, kind, value }) => [kind, `${nodeId}.${input}`, value]);

test('of a picture from words', () => {
  expect(kinds(sdxl)).toEqual([
    ['prompt', '6.text_g', 'a lighthouse '],
    ['prompt', '6.text_l', 'fog'],
    ['negative', '7.text', 'blurry'],
    ['width', '5.width', 1152],
    ['height', '5.height', 896],
    ['count', '5.batch_size', 2],
    ['steps', '3.steps', 30],
    ['cfg', '3.cfg', 7.5],
    ['seed', '3.seed', 42],
    ['model', '4.ckpt_name', 'sd_xl_base_1.0.safetensors'],
    ['model', 'clip.clip_name', 't5xxl.safetensors'],
    ['model', 'vae.vae_name', 'ae.sft'],
    ['model', 'lora.lora_name', 'grain.safetensors'],
    ['model', 'lora2.lora_name', 'lens.safetensors'],
  ]);
});

test('a prompt that goes through a guider', () => {
  expect(kinds(flux).slice(0, 2)).toEqual([
    ['prompt', 'text.clip_l', 'lighthouse'],
    ['prompt', 'text.t5xxl', 'a lighthouse in fog'],
  ]);
});

test('what only a zeroed negative side uses is the prompt', () => {
  expect(kinds(zeroed).filter(([kind]) => kind === 'negative')).toEqual([]);
});

test('a text that both sides use is the prompt; one given by a primitive is changed there', () => {
  const graph: Graph = {
    words: node('PrimitiveStringMultiline', { value: 'a harbour' }),
    both: encode(['words', 0]),
    run: node('KSampler', { positive: ['both', 0], negative: ['both', 0] }),
  };
  expect(kinds(graph)).toEqual([['prompt', 'words.value', 'a harbour']]);
});

test('a seed that a primitive gives is changed there', () => {
  const graph: Graph = {
    given: node('PrimitiveInt', { value: 7 }),
    run: node('KSampler', { seed: ['given', 0], steps: 20 }),
    more: node('RandomNoise', { noise_seed: ['given', 0] }),
  };
  expect(kinds(graph)).toEqual([
    ['steps', 'run.steps', 20],
    ['seed', 'given.value', 7],
  ]);
});

test('files, and what they hold', () => {
  const graph: Graph = {
    '1': node('LoadImage', { image: 'frame.png' }),
    '2': node('LoadVideo', { file: 'take.mp4' }),
    '3': node('SomeLoader', { clip: 'voice.wav' }),
  };
  expect(fieldsOf(graph).map(({ kind, media, value }) => [kind, media, value])).toEqual([
    ['file', 'image', 'frame.png'],
    ['file', 'video', 'take.mp4'],
    ['file', null, 'voice.wav'],
  ]);
});

test('sizes of what is resized, and where something is saved, are other values', () => {
  const graph: Graph = {
    '1': node('ImageScale', { width: 10, height: 10, image: ['2', 0] }),
    '2': node('SaveImage', { filename_prefix: 'a.png', images: ['1', 0] }),
    '3': node('FluxProImage', { prompt: 'a gull', negative_prompt: 'text', prompt_upsampling: true }),
  };
  expect(fieldsOf(graph).map(({ kind, input }) => `${kind} ${input}`)).toEqual([
    'prompt prompt',
    'negative negative_prompt',
    'other width',
    'other height',
    'other filename_prefix',
    'other prompt_upsampling',
  ]);
});

describe('labels', () => {
  test('are plain words', () => {
    expect(fieldLabels(fieldsOf(zeroed)).slice(0, 4)).toEqual(['Prompt', 'Width', 'Height', 'Count']);
  });

  test('are short for what people look for, though further settings are called so', () => {
    expect(fieldLabels(fieldsOf(sdxl)).filter((label) => label.startsWith('Width'))).toEqual([
      'Width',
      'Width · CLIPTextEncodeSDXL',
    ]);
  });

  test('name the node, then the input, then its id where two are alike', () => {
    const titled = (title: string) => ({ ...node('CLIPTextEncode', { text: title }), _meta: { title } });
    const graph: Graph = {
      a: titled('Sky'),
      b: titled('Sea'),
      one: node('KSampler', { seed: 1, positive: ['a', 0] }),
      two: node('KSampler', { seed: 2, positive: ['b', 0] }),
      wide: node('CLIPTextEncodeFlux', { clip_l: 'x', t5xxl: 'y' }),
      three: node('KSampler', { positive: ['wide', 0] }),
    };
    expect(fieldLabels(fieldsOf(graph))).toEqual([
      'Prompt · Sky',
      'Prompt · Sea',
      'Prompt · CLIPTextEncodeFlux · clip_l',
      'Prompt · CLIPTextEncodeFlux · t5xxl',
      'Seed · KSampler · seed · one',
      'Seed · KSampler · seed · two',
    ]);
  });

  test('are never alike', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const labels = fieldLabels(fieldsOf(graph));
        expect(new Set(labels).size).toBe(labels.length);
      }),
    );
  });
});

test('of the largest graphs as many as anybody looks through', () => {
  const graph = Object.fromEntries(
    Array.from({ length: 5000 }, (_, at) => [String(at), node('Note', { text: 'x', more: at })]),
  );
  expect(fieldsOf(graph)).toHaveLength(MAX_FIELDS);
});
