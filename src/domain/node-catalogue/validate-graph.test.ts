import { describe, expect, test } from 'vitest';
import type { Graph } from '../workflow/graph.ts';
import { testCatalogue, testModels } from './catalogue.testing.ts';
import type { Choices } from './fill.ts';
import { missingNodes, missingNodeWords } from './missing-nodes.ts';
import { unionOf } from './union.ts';
import { missingClasses, validateGraph } from './validate-graph.ts';

const catalogue = testCatalogue();
const choices: Choices = { uploads: [{ name: 'mine.png', kind: 'image' }], models: testModels };
const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const image = node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: 0 });
const save = (from: unknown = ['1', 0]) => node('SaveImage', { images: from, filename_prefix: 'x' });
const check = (graph: Graph, targets?: ReadonlySet<string>) => validateGraph(graph, catalogue, choices, targets);
/** With this between a picture and its file. */
const between = (class_type: string, inputs: Record<string, unknown>): Graph => ({
  '1': image,
  '3': node(class_type, inputs),
  '2': save(['3', 0]),
});
const scaled = (inputs: Record<string, unknown>): Graph =>
  between('ImageScale', { image: ['1', 0], upscale_method: 'area', factor: 2, ...inputs });
const sized = (width: unknown): Graph => ({ '1': { ...image, inputs: { ...image.inputs, width } }, '2': save() });
const sampled = (inputs: Record<string, unknown>): Graph => ({
  c: node('CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }),
  '1': node('KSampler', { model: ['c', 0], seed: 0, text: '', on: true, ...inputs }),
  v: node('Custom', { strength: 1, mode: 'a', image: ['1', 0] }),
  '2': save(['v', 0]),
});

describe('refused, with the node and the type that ComfyUI says', () => {
  test.each<[string, Graph, string, string, string]>([
    [
      'a required input is missing',
      { '1': image, '2': node('SaveImage', { images: ['1', 0] }) },
      '2',
      'required_input_missing',
      'filename_prefix',
    ],
    ['a list of one', { '1': image, '2': save(['1']) }, '2', 'bad_linked_input', 'images'],
    ['a link to no node', { '1': image, '2': save(['77', 0]) }, '2', 'exception_during_validation', "'77'"],
    [
      'an output that the node does not have',
      { '1': image, '2': save(['1', 3]) },
      '2',
      'exception_during_validation',
      'tuple index out of range',
    ],
    [
      'the same further up',
      scaled({ image: ['1', 3] }),
      '3',
      'exception_during_inner_validation',
      'tuple index out of range',
    ],
    [
      'another type',
      { '1': image, m: node('CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }), '2': save(['m', 0]) },
      '2',
      'return_type_mismatch',
      'images, received_type(MODEL) mismatch input_type(IMAGE)',
    ],
    [
      'a picture for a list of choices',
      scaled({ upscale_method: ['1', 0] }),
      '3',
      'return_type_mismatch',
      "upscale_method, received_type(IMAGE) mismatch input_type(['nearest-exact', 'bilinear', 'area'])",
    ],
    [
      'a text for a number',
      sized('abc'),
      '1',
      'invalid_input_type',
      "width, abc, invalid literal for int() with base 10: 'abc'",
    ],
    [
      'a fraction as text for a whole number',
      sized('1.5'),
      '1',
      'invalid_input_type',
      "width, 1.5, invalid literal for int() with base 10: '1.5'",
    ],
    [
      'nothing for a number',
      sized(null),
      '1',
      'invalid_input_type',
      "width, None, int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
    ],
    [
      'a text for a fraction',
      scaled({ factor: 'x' }),
      '3',
      'invalid_input_type',
      "factor, x, could not convert string to float: 'x'",
    ],
    ['too small', sized(0), '1', 'value_smaller_than_min', 'width'],
    ['too small as text', sized('0'), '1', 'value_smaller_than_min', 'width'],
    ['too large', sized(99_999), '1', 'value_bigger_than_max', 'width'],
    [
      'too large, by one in twenty digits',
      sampled({ seed: 18446744073709551616n }),
      '1',
      'value_bigger_than_max',
      'seed',
    ],
    [
      'no such choice',
      scaled({ upscale_method: 'lanczos' }),
      '3',
      'value_not_in_list',
      "upscale_method: 'lanczos' not in ['nearest-exact', 'bilinear', 'area']",
    ],
    [
      'no such choice of the newer shape',
      scaled({ crop: 'left' }),
      '3',
      'value_not_in_list',
      "crop: 'left' not in ['disabled', 'center']",
    ],
    [
      'no such model',
      { ...sampled({}), c: node('CheckpointLoaderSimple', { ckpt_name: 'z.ckpt' }) },
      'c',
      'value_not_in_list',
      "ckpt_name: 'z.ckpt' not in ['a.safetensors', 'deep/b.ckpt']",
    ],
    [
      'a missing input of a class that is not the core’s',
      between('Custom', { strength: 1, mode: 'a' }),
      '3',
      'required_input_missing',
      'image',
    ],
  ])('%s', (_, graph, id, type, details) => {
    const found = check(graph);
    expect(found).toMatchObject({
      type: 'refused',
      error: { type: 'prompt_outputs_failed_validation', message: 'Prompt outputs failed validation', extra_info: {} },
      nodeErrors: {
        [id]: { class_type: graph[id]?.class_type, dependent_outputs: ['2'], errors: [{ type, details }] },
      },
    });
    expect(found.type === 'refused' && Object.keys(found.nodeErrors)).toEqual([id]);
    expect(JSON.stringify(found)).toContain('input_name');
  });

  test('what it was given, and what it takes', () => {
    expect(check(sized(0))).toMatchObject({
      error: { details: '' },
      nodeErrors: {
        '1': {
          errors: [
            {
              message: 'Value 0 smaller than min of 1',
              extra_info: {
                input_name: 'width',
                input_config: ['INT', { default: 512, min: 1, max: 16384 }],
                received_value: 0,
              },
            },
          ],
        },
      },
    });
  });

  test('a class that nobody has, first of all, and each node of such a class', () => {
    const graph = {
      ...sized(0),
      '3': { ...node('NoSuch', {}), _meta: { title: 'My node' } },
      '4': node('Neither', {}),
    };
    const error = {
      type: 'missing_node_type',
      message: "Node 'My node' not found. The custom node may not be installed.",
      details: "Node ID '#3'",
      extra_info: { node_id: '3', class_type: 'NoSuch', node_title: 'My node' },
    };
    expect(check(graph)).toMatchObject({
      type: 'refused',
      error,
      nodeErrors: { '3': { class_type: 'NoSuch', errors: [error] }, '4': { class_type: 'Neither' } },
    });
    expect(missingClasses(graph, catalogue)).toEqual(['NoSuch', 'Neither']);
  });

  test('no output', () => {
    const error = { type: 'prompt_no_outputs', message: 'Prompt has no outputs', details: '', extra_info: {} };
    expect(check({ '1': image })).toEqual({ type: 'refused', error, nodeErrors: {} });
    expect(check({ '1': image, '2': save() }, new Set(['1']))).toEqual({ type: 'refused', error, nodeErrors: {} });
  });
});

describe('accepted', () => {
  test.each<[string, Graph]>([
    ['what is well', scaled({ crop: 'center' })],
    [
      'numbers as text, as fractions and as truth',
      { '1': node('EmptyImage', { width: ' 64 ', height: '1_0', batch_size: true, color: 7.9 }), '2': save() },
    ],
    ['anything as text or truth', sampled({ text: 5, on: 'x' })],
    ['a seed of twenty digits', sampled({ seed: 18446744073709551615n })],
    ['a constant for a picture: it fails later', { '2': save('nope') }],
    ['whatever is connected to "*"', scaled({ any: ['1', 0] })],
    [
      'ranges, choices and types of a class that may check by itself',
      between('Custom', { strength: 99, mode: 'z', image: ['1', 0] }),
    ],
    [
      '… and what comes from such a class',
      { '1': node('Custom', { strength: 0, mode: 'a', image: 'x' }), '2': save(['1', 7]) },
    ],
    ['inputs that depend on what they are given', between('Grows', {})],
    ['a wrapped value', sized({ __value__: 64 })],
    ['uploads: other rules check them', between('LoadImage', { image: 'nobody knows.png' })],
    ['nodes that no output needs', { ...sized(64), '7': node('EmptyImage', { width: 0 }) }],
    [
      'a class that only shows something: it is sent as one that saves',
      { ...sized(64), '7': node('Image Comparer (rgthree)', { image_a: ['1', 0] }) },
    ],
    ['what it lacks itself', { '1': image, '7': node('PreviewImage', {}) }],
    ['a class that workers replace by another', { ...sized(64), '7': node('OldNode', {}) }],
    ['inputs that the class does not have', { '1': { ...image, inputs: { ...image.inputs, more: 1 } }, '2': save() }],
    [
      'a model in the folder of another system',
      { ...sampled({}), c: node('CheckpointLoaderSimple', { ckpt_name: 'deep\\b.ckpt' }) },
    ],
  ])('%s', (_, graph) => expect(check(graph)).toEqual({ type: 'accepted' }));

  test('models where it is not known what workers see', () => {
    const models = new Map([['checkpoints', { names: [], isSure: false }]]);
    expect(
      validateGraph({ ...sampled({}), c: node('CheckpointLoaderSimple', { ckpt_name: 'z.ckpt' }) }, catalogue, {
        uploads: [],
        models,
      }),
    ).toEqual({ type: 'accepted' });
  });
});

test('an output that is well runs without those that are not', () => {
  const graph = {
    ...sized(64),
    bad: node('EmptyImage', { width: 0, height: 1, batch_size: 1, color: 0 }),
    p: node('PreviewImage', { images: ['bad', 0] }),
    q: node('PreviewImage', { images: ['bad', 0] }),
  };
  expect(check(graph)).toMatchObject({
    type: 'partly',
    nodeErrors: { bad: { dependent_outputs: ['p', 'q'], errors: [{ type: 'value_smaller_than_min' }] } },
  });
  expect(check(graph, new Set(['2']))).toEqual({ type: 'accepted' });
  expect(check(graph, new Set(['q']))).toMatchObject({
    type: 'refused',
    nodeErrors: { bad: { dependent_outputs: ['q'] } },
  });
});

test('a graph of any size and shape is judged in one go, and what is said of it has an end', () => {
  const graph: Record<string, Graph[string]> = {};
  for (let n = 0; n < 4000; n += 1) {
    const from = n === 0 ? 'x' : [`n${n - 1}`, 0];
    const more = Object.fromEntries(Array.from({ length: 100 }, (_, m) => [`more${m}`, [`n${m}`, 0]]));
    graph[`n${n}`] = node('ImageScale', {
      image: from,
      any: [`n${n >> 1}`, 0],
      upscale_method: 'none',
      factor: 0,
      ...more,
    });
    if (n % 2 === 0) graph[`s${n}`] = save([`n${n}`, 0]);
  }
  const found = check(graph);
  expect(found).toMatchObject({ type: 'refused' });
  const errors = found.type === 'refused' ? Object.values(found.nodeErrors) : [];
  expect(errors.flatMap((one) => one.errors)).toHaveLength(500);
  expect(Math.max(...errors.map((one) => one.dependent_outputs.length))).toBe(50);
});

test('a missing class is named with what is there instead', () => {
  const union = unionOf(new Map([['one', catalogue]]));
  expect(missingNodes(['SaveImage', 'KSamplerr', 'Zzz', 'Zzz', 'OldNode', 'LoadImages'], union)).toEqual([
    { name: 'KSamplerr', near: ['KSampler'] },
    { name: 'Zzz', near: [] },
    { name: 'LoadImages', near: ['LoadImage', 'LoadImageOutput'] },
  ]);
  expect(missingNodeWords({ name: 'A', near: ['B', 'C'] })).toBe('“A” is not installed on the GPUs; similar: B, C.');
  expect(missingNodeWords({ name: 'A', near: [] })).toBe('“A” is not installed on the GPUs.');
});
