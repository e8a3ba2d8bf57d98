import { describe, expect, test } from 'vitest';
import { node } from '../fixtures/workflows.ts';
import type { Graph } from '../workflow/graph.ts';
import { withWidgets } from './with-widgets.ts';

const graph: Graph = {
  '3': node('KSampler', { seed: 5, steps: 20, cfg: 20, sampler_name: 'euler', model: ['4', 0] }),
  '6': node('CLIPTextEncode', { text: 'a lighthouse', clip: ['4', 1] }),
  '8': node('VHS_VideoCombine', { frame_rate: 16, format: 'video/h264-mp4' }),
  '9:2': node('CLIPTextEncode', { text: 'inside' }),
};
const workflow = {
  id: 'w',
  extra: { ds: {} },
  nodes: [
    { id: 3, type: 'KSampler', pos: [1, 2], widgets_values: [5, 'randomize', 20, 20, 'euler'] },
    { id: 6, type: 'CLIPTextEncode', widgets_values: ['a lighthouse'] },
    { id: 8, type: 'VHS_VideoCombine', widgets_values: { frame_rate: 16, format: 'video/h264-mp4', videopreview: {} } },
    { id: 9, type: 'e5b2-subgraph', widgets_values: [] },
  ],
};
const changed = (id: string, inputs: Record<string, unknown>): Graph => {
  const old = graph[id];
  return old ? { ...graph, [id]: { ...old, inputs: { ...old.inputs, ...inputs } } } : graph;
};
describe('puts a value where the editor has it', () => {
  test.each([
    ['alone of its kind', changed('6', { text: 'a gull' }), '6', ['a gull']],
    [
      'behind a widget that no graph has',
      changed('3', { seed: 18446744073709551615n }),
      '3',
      [18446744073709551615n, 'randomize', 20, 20, 'euler'],
    ],
    ['the first of two of the same value', changed('3', { steps: 30 }), '3', [5, 'randomize', 30, 20, 'euler']],
    ['the second of two of the same value', changed('3', { cfg: 7 }), '3', [5, 'randomize', 20, 7, 'euler']],
    ['both', changed('3', { cfg: 7, steps: 8 }), '3', [5, 'randomize', 8, 7, 'euler']],
    ['by name', changed('8', { frame_rate: 24 }), '8', { frame_rate: 24, format: 'video/h264-mp4', videopreview: {} }],
  ])('%s', (_, after, id, values) => {
    const node = expect.objectContaining({ id: Number(id), widgets_values: values });
    expect(withWidgets(workflow, graph, after)).toMatchObject({ nodes: expect.arrayContaining([node]) });
  });
});

test('keeps everything else, and the workflow that it was given', () => {
  const copy = structuredClone(workflow);
  expect(withWidgets(workflow, graph, changed('6', { text: 'x' }))).toMatchObject({ id: 'w', extra: { ds: {} } });
  expect(workflow).toEqual(copy);
  expect(withWidgets(workflow, graph, graph)).toEqual(workflow);
});

test.each<[string, unknown, Graph]>([
  ['a node inside a subgraph', workflow, changed('9:2', { text: 'x' })],
  [
    'a value that the editor has not',
    { nodes: [{ id: 6, type: 'CLIPTextEncode', widgets_values: ['other'] }] },
    changed('6', { text: 'x' }),
  ],
  [
    'a value that the editor has more often',
    { nodes: [{ id: 6, type: 'CLIPTextEncode', widgets_values: ['a lighthouse', 'a lighthouse'] }] },
    changed('6', { text: 'x' }),
  ],
  [
    'a node of another class',
    { nodes: [{ id: 6, type: 'Note', widgets_values: ['a lighthouse'] }] },
    changed('6', { text: 'x' }),
  ],
  ['a node without widgets', { nodes: [{ id: 6, type: 'CLIPTextEncode' }] }, changed('6', { text: 'x' })],
  ['what is no workflow', [], changed('6', { text: 'x' })],
])('says nothing of %s', (_, editors, after) => {
  expect(withWidgets(editors, graph, after)).toBe(null);
});
