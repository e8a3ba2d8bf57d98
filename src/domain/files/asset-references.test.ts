import { expect, test } from 'vitest';
import { assetReferences, withAssets } from './asset-references.ts';

const asset = (id?: string) => ({
  __type: 'core/ASSET',
  info: { ...(id !== undefined && { id }), file_path: 'a.png' },
});
const graph = {
  '1': { class_type: 'LoadImage', inputs: { image: asset('one') } },
  '2': { class_type: 'Batch', inputs: { images: [asset('two'), 'plain.png', { deep: asset('one') }], from: ['1', 0] } },
  '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], prefix: 'shot', seed: 12345678901234567890n } },
};
const [ONE, TWO] = ['1'.repeat(64), '2'.repeat(64)];
const uploads = new Map([
  ['one', { name: 'boat.png', file: `${ONE}.png` }],
  ['two', { name: 'sea.png', file: `${TWO}.png` }],
]);

test('references are found wherever they stand in the inputs', () => {
  expect(assetReferences(graph)).toEqual([
    { nodeId: '1', input: 'image', id: 'one' },
    { nodeId: '2', input: 'images', id: 'two' },
    { nodeId: '2', input: 'images', id: 'one' },
  ]);
});

test('names take their places, in lists those on the share, and nothing else differs', () => {
  expect(withAssets(graph, uploads)).toEqual({
    ...graph,
    '1': { class_type: 'LoadImage', inputs: { image: 'boat.png' } },
    '2': {
      class_type: 'Batch',
      inputs: { images: [`${TWO}.png`, 'plain.png', { deep: `${ONE}.png` }], from: ['1', 0] },
    },
  });
  expect(graph['1'].inputs.image).toEqual(asset('one'));
});

test('what is not named stays', () => expect(withAssets(graph, new Map())).toEqual(graph));

test.each([
  ['no info', { __type: 'core/ASSET' }],
  ['no id', asset()],
  ['an empty id', asset('')],
  ['an id that is none', { __type: 'core/ASSET', info: { id: 7 } }],
])('%s: a reference to nothing', (_, image) => {
  expect(assetReferences({ '1': { class_type: 'LoadImage', inputs: { image } } })).toEqual([
    { nodeId: '1', input: 'image', id: null },
  ]);
});

test.each([[null], ['text'], [[]], [{ '1': null }], [{ '1': { inputs: 'none' } }]])(
  '%j is no graph, which others report',
  (prompt) => {
    expect(assetReferences(prompt)).toEqual([]);
    expect(withAssets(prompt, new Map())).toEqual(prompt);
  },
);

test('a key named __proto__ reaches no prototype', () => {
  const prompt: unknown = JSON.parse(
    '{"1":{"inputs":{"a":{"__proto__":{"x":1},"image":{"__type":"core/ASSET","info":{"id":"one"}}}}}}',
  );
  const named = JSON.stringify(withAssets(prompt, uploads));
  expect(named).toBe('{"1":{"inputs":{"a":{"__proto__":{"x":1},"image":"boat.png"}}}}');
});

test('too many are refused', () => {
  const inputs = { images: Array.from({ length: 1001 }, (_, at) => asset(String(at))) };
  expect(() => assetReferences({ '1': { class_type: 'Batch', inputs } })).toThrow(
    'The workflow names more than 1000 assets.',
  );
});
