import { describe, expect, test } from 'vitest';
import { saveClass } from './save-classes.ts';
import { prefixInput, saveNodeIds } from './save-nodes.ts';

const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs });
/** Every node of ComfyUI 0.3.64 and 0.24 that writes to the output directory, with the input that names its files. */
const SAVING: [string, string, string | null][] = [
  ['SaveImage', 'filename_prefix', 'images'],
  ['SaveImageAdvanced', 'filename_prefix', 'images'],
  ['SaveAnimatedWEBP', 'filename_prefix', 'images'],
  ['SaveAnimatedPNG', 'filename_prefix', 'images'],
  ['SaveWEBM', 'filename_prefix', 'images'],
  ['SaveVideo', 'filename_prefix', null],
  ['SaveAudio', 'filename_prefix', null],
  ['SaveAudioMP3', 'filename_prefix', null],
  ['SaveAudioOpus', 'filename_prefix', null],
  ['SaveSVGNode', 'filename_prefix', null],
  ['SaveGLB', 'filename_prefix', null],
  ['SaveLatent', 'filename_prefix', null],
  ['CheckpointSave', 'filename_prefix', null],
  ['ImageOnlyCheckpointSave', 'filename_prefix', null],
  ['CLIPSave', 'filename_prefix', null],
  ['VAESave', 'filename_prefix', null],
  ['ModelSave', 'filename_prefix', null],
  ['LoraSave', 'filename_prefix', null],
  ['SaveLoRANode', 'prefix', null],
  ['SaveLoRA', 'prefix', null],
];

describe('save nodes of the core', () => {
  test.each(SAVING)('%s is named by %s', (classType, prefix, image) => {
    expect(saveClass(classType)).toEqual({ prefix, image });
    expect(prefixInput(node(classType, { [prefix]: 'x' }))).toBe(prefix);
    expect(prefixInput(node(classType, { [prefix]: ['5', 0] }))).toBe(prefix);
  });
});

test.each([
  ['a preview', node('PreviewImage', { images: ['1', 0] }), null],
  ['LossGraphNode writes to temp', node('LossGraphNode', { filename_prefix: 'loss_graph' }), null],
  [
    'a custom node with a text filename_prefix',
    node('VHS_VideoCombine', { filename_prefix: 'clip' }),
    'filename_prefix',
  ],
  ['a custom node with a linked filename_prefix', node('MySave', { filename_prefix: ['3', 0] }), null],
  ['a custom node with a plain prefix', node('MySave', { prefix: 'x' }), null],
  ['a class named like an object method', node('toString'), null],
])('%s', (_, given, input) => expect(prefixInput(given)).toBe(input));

test('finds all save nodes of a graph, in its order', () => {
  const graph = {
    b: node('SaveVideo', { filename_prefix: 'v' }),
    a: node('KSampler'),
    c: node('MySave', { filename_prefix: 'm' }),
    d: node('PreviewImage'),
  };
  expect(saveNodeIds(graph)).toEqual(['b', 'c']);
});
