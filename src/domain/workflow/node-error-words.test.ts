import { describe, expect, test } from 'vitest';
import { nodeErrorLines, stoppedNodeLines } from './node-error-words.ts';

const of = (
  class_type: string,
  type: string,
  extra_info: Record<string, unknown>,
  details = '',
  message = 'Said so',
) => ({
  '3': { class_type, dependent_outputs: ['9'], errors: [{ type, message, details, extra_info }] },
});

describe('nodeErrorLines', () => {
  test.each([
    [
      of('KSampler', 'value_smaller_than_min', {
        input_name: 'steps',
        input_config: ['INT', { min: 1, max: 10000 }],
        received_value: 0,
      }),
      'KSampler: steps — value 0 is below the minimum, 1',
    ],
    [
      of('EmptyImage', 'value_bigger_than_max', {
        input_name: 'width',
        input_config: ['INT', { min: 1, max: 16384 }],
        received_value: 99999,
      }),
      'EmptyImage: width — value 99999 is above the maximum, 16384',
    ],
    [
      of('CheckpointLoaderSimple', 'value_not_in_list', {
        input_name: 'ckpt_name',
        input_config: [['a', 'b', 'c', 'd', 'e'], {}],
        received_value: 'z.safetensors',
      }),
      'CheckpointLoaderSimple: ckpt_name — “z.safetensors” is not available; available: a, b, c, d and others',
    ],
    [
      of('CheckpointLoaderSimple', 'value_not_in_list', {
        input_name: 'ckpt_name',
        input_config: [[], {}],
        received_value: 'z.safetensors',
      }),
      'CheckpointLoaderSimple: ckpt_name — “z.safetensors” is not available; no models of this kind are installed on the workers',
    ],
    [
      of('UpscaleModelLoader', 'value_not_in_list', {
        input_name: 'model_name',
        input_config: ['COMBO', { multiselect: false, options: ['a', 'b'] }],
        received_value: 'z.safetensors',
      }),
      'UpscaleModelLoader: model_name — “z.safetensors” is not available; available: a, b',
    ],
    [
      of('UpscaleModelLoader', 'value_not_in_list', {
        input_name: 'model_name',
        input_config: ['COMBO', { multiselect: false, options: [] }],
        received_value: 'z.safetensors',
      }),
      'UpscaleModelLoader: model_name — “z.safetensors” is not available; no models of this kind are installed on the workers',
    ],
    [
      of('CheckpointLoaderSimple', 'value_not_in_list', {
        input_name: 'ckpt_name',
        input_config: [['a', 'b', 'c', 'd', 'zebra-2'], {}],
        received_value: 'zebra.safetensors',
      }),
      'CheckpointLoaderSimple: ckpt_name — “zebra.safetensors” is not available; available: zebra-2, a, b, c and others',
    ],
    [
      of('NoSuch', 'invalid_prompt', {}, '', 'Cannot execute because node NoSuch does not exist.'),
      'NoSuch — this node is not installed on the workers',
    ],
    [
      of('NoSuch', 'missing_node_type', {}, '', "Node 'NoSuch' not found. The custom node may not be installed."),
      'NoSuch — this node is not installed on the workers',
    ],
    [
      of('KSampler', 'required_input_missing', { input_name: 'model' }, 'model'),
      'KSampler: model — no value or connection',
    ],
    [
      of('EmptyImage', 'invalid_input_type', { input_name: 'width', input_config: ['INT', {}], received_value: 'abc' }),
      'EmptyImage: width — “abc” is not a whole number',
    ],
    [
      of('SaveImage', 'return_type_mismatch', {
        input_name: 'images',
        input_config: ['IMAGE', {}],
        received_type: 'INT',
      }),
      'SaveImage: images — needs IMAGE, but INT is connected',
    ],
    [
      of('SaveImage', 'bad_linked_input', { input_name: 'images', received_value: ['1'] }),
      'SaveImage: images — the connection is broken',
    ],
    [
      of('LoadImage', 'custom_validation_failed', { input_name: 'image' }, 'image - Invalid image file: nosuch.png'),
      'LoadImage: image — Invalid image file: nosuch.png',
    ],
    [of('SaveImage', 'exception_during_validation', {}, "'77'", 'Exception'), "SaveImage — Exception: '77'"],
  ])('%#', (errors, line) => {
    expect(nodeErrorLines(errors)).toEqual([line]);
  });

  test('odd extra information never breaks the page', () => {
    expect(nodeErrorLines(of('X', 'value_smaller_than_min', { input_config: 'INT' }))).toEqual([
      'X — value undefined is below the minimum, undefined',
    ]);
  });

  test('every fault of every node has its line', () => {
    const many = {
      '1': {
        class_type: 'A',
        dependent_outputs: [],
        errors: [1, 2].map((n) => ({ type: 'x', message: `m${n}`, details: '', extra_info: {} })),
      },
      '2': {
        class_type: 'B',
        dependent_outputs: [],
        errors: [{ type: 'x', message: 'm3', details: '', extra_info: {} }],
      },
    };
    expect(nodeErrorLines(many)).toEqual(['A — m1', 'A — m2', 'B — m3']);
  });
});

test.each([
  ['torch.OutOfMemoryError', 'Node 3, KSampler: torch.OutOfMemoryError'],
  ['', 'Node 3, KSampler'],
])('where a node stopped, %j', (details, line) => {
  expect(stoppedNodeLines(of('KSampler', 'execution_error', {}, details))).toEqual([line]);
});
