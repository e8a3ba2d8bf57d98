import { expect, test } from 'vitest';
import { searchNodes, shownNodes } from './graph-nodes.ts';

const nodes = shownNodes({
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'flux.safetensors' }, _meta: { title: 'Model' } },
  '5': {
    class_type: 'KSampler',
    inputs: { model: ['4', 0], latent: ['6', 2], seed: 42, cfg: 3.5, list: [1, 'a'] },
    _meta: { title: 'KSampler' },
  },
  odd: 7,
});

test('nodes with titles of their own, values in words, links as such', () => {
  expect(nodes).toEqual([
    {
      id: '4',
      classType: 'CheckpointLoaderSimple',
      title: 'Model',
      inputs: [{ name: 'ckpt_name', value: 'flux.safetensors' }],
    },
    {
      id: '5',
      classType: 'KSampler',
      title: null,
      inputs: [
        { name: 'model', value: '← 4' },
        { name: 'latent', value: '← 6, output 2' },
        { name: 'seed', value: '42' },
        { name: 'cfg', value: '3.5' },
        { name: 'list', value: '[1,"a"]' },
      ],
    },
  ]);
  for (const odd of [null, 'x', [], { a: null }]) expect(shownNodes(odd)).toEqual([]);
});

test.each([
  ['', ['4', '5']],
  ['ksampler', ['5']],
  ['FLUX', ['4']],
  ['seed 42', ['5']],
  ['model flux', ['4']],
  ['nothing', []],
])('searched for "%s"', (text, found) => {
  expect(searchNodes(nodes, text).map(({ id }) => id)).toEqual(found);
});
