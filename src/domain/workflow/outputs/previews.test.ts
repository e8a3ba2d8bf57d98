import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deepFreeze, randomGraph } from '../../fixtures/random-graph.ts';
import { type Graph, isLink } from '../graph.ts';
import { parseGraph } from '../parse-graph.ts';
import { PREVIEW_CLASSES, SWITCHES } from './preview-classes.ts';
import { previewsAsSaves } from './previews.ts';

const NEW = '0.33.0';
const sources: Graph = {
  src: { class_type: 'EmptyImage', inputs: {} },
  mesh: { class_type: 'MeshToFile3D', inputs: {} },
};
/** A graph of this one node besides what feeds it, and what has become of it: the nodes that were not there before, and who writes. */
function sentFor(classType: string, inputs: Record<string, unknown>, version: string | null = NEW, more: Graph = {}) {
  const graph: Graph = { ...sources, ...more, '7': { class_type: classType, inputs } };
  const { graph: sent, writers, inHistory, lost } = previewsAsSaves(deepFreeze(graph), { version });
  const changed = Object.entries(sent).filter(([id, node]) => node !== graph[id]);
  return {
    nodes: Object.fromEntries(changed),
    writers: writers.map(({ nodeId, senderId, input }) => [nodeId, senderId, input]),
    inHistory: inHistory.map(({ nodeId }) => nodeId),
    lost: lost.map(({ message }) => message),
  };
}
const link = ['src', 0];
const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const nothing = { nodes: {}, writers: [], inHistory: [], lost: [] };
const savedAs = (nodes: Graph, ...senders: string[]) => ({
  ...nothing,
  nodes,
  writers: senders.map((sender) => ['7', sender, 'filename_prefix']),
});
const picture = (name: string, source: unknown = link) => node('SaveImage', { images: source, filename_prefix: name });
const A = 'comfyume_preview0';
const B = 'comfyume_preview1';

test.each([
  ['PreviewImage', { images: link }, savedAs({ '7': picture('preview_images') }, '7')],
  ['SaveImageWebsocket', { images: link }, savedAs({ '7': picture('preview_images') }, '7')],
  ['PreviewBridge', { images: link, image: 'x' }, savedAs({ '7': picture('preview_images') }, '7')],
  ['ImageSender', { images: link, filename_prefix: 'x' }, savedAs({ '7': picture('preview_images') }, '7')],
  [
    'MaskPreview',
    { mask: link },
    savedAs(
      { [`${A}_before`]: node('MaskToImage', { mask: link }), '7': picture('preview_mask', [`${A}_before`, 0]) },
      '7',
    ),
  ],
  [
    'ImageCompare',
    { compare_view: {}, image_a: link, image_b: ['src', 1] },
    savedAs({ '7': picture('preview_a'), [B]: picture('preview_b', ['src', 1]) }, '7', B),
  ],
  ['ImageCompare', { compare_view: {}, image_b: link }, savedAs({ '7': picture('preview_b') }, '7')],
  ['ImageCompare', { compare_view: {} }, nothing],
  ['PreviewImage', { images: 'no link' }, nothing],
  ['Image Comparer (rgthree)', { image_a: link }, savedAs({ '7': picture('preview_a') }, '7')],
  [
    'PreviewAudio',
    { audio: link },
    savedAs({ '7': node('SaveAudio', { audio: link, filename_prefix: 'preview_audio' }) }, '7'),
  ],
  [
    'PreviewGaussianSplat',
    { model_3d: link },
    savedAs({ '7': node('SaveGLB', { mesh: link, filename_prefix: 'preview_model_3d' }) }, '7'),
  ],
  [
    'Preview3D',
    { model_file: ['mesh', 0] },
    savedAs({ '7': node('SaveGLB', { mesh: ['mesh', 0], filename_prefix: 'preview_model_file' }) }, '7'),
  ],
  ['Preview3D', { model_file: link }, { ...nothing, lost: ['What Preview3D (node 7) shows cannot be saved.'] }],
  ['Preview3D', { model_file: 'a.glb' }, { ...nothing, lost: ['What Preview3D (node 7) shows cannot be saved.'] }],
  ['LatentSender', { samples: link }, { ...nothing, lost: ['What LatentSender (node 7) shows cannot be saved.'] }],
  [
    'CreateBoundingBoxes',
    { width: 64 },
    savedAs({ '7': node('CreateBoundingBoxes', { width: 64 }), [A]: picture('preview', ['7', 0]) }, A),
  ],
  [
    'ImageAndMaskPreview',
    { image: link, pass_through: false },
    savedAs(
      { '7': node('ImageAndMaskPreview', { image: link, pass_through: true }), [A]: picture('preview', ['7', 0]) },
      A,
    ),
  ],
  ['ImageAndMaskPreview', { image: link, pass_through: true }, nothing],
  [
    'VHS_VideoCombine',
    { images: link, save_output: false, filename_prefix: 'film' },
    savedAs({ '7': node('VHS_VideoCombine', { images: link, save_output: true, filename_prefix: 'film' }) }, '7'),
  ],
  ['VHS_VideoCombine', { images: link, save_output: true, filename_prefix: 'film' }, nothing],
  [
    'easy imageSave',
    { images: link, only_preview: true, filename_prefix: 'x' },
    savedAs({ '7': node('easy imageSave', { images: link, only_preview: false, filename_prefix: 'x' }) }, '7'),
  ],
  [
    'easy kSampler',
    { image_output: 'Preview', save_prefix: 'x' },
    {
      ...savedAs({ '7': node('easy kSampler', { image_output: 'Save', save_prefix: 'x' }) }),
      writers: [['7', '7', 'save_prefix']],
    },
  ],
  ['easy kSampler', { image_output: 'Hide', save_prefix: 'x' }, nothing],
  ['easy imageChooser', { image_output: 'Preview' }, nothing],
  ['SaveImage', { images: link, filename_prefix: 'x' }, nothing],
  ['MySaveNode', { images: link }, nothing],
])('%s %j', (classType, inputs, expected) => expect(sentFor(classType, inputs)).toEqual(expected));

test.each(['PreviewAny', 'ShowText|pysssss', 'easy showAnything', 'Display Any (rgthree)', 'Display Int (rgthree)'])(
  'the text of %s becomes a file where the worker is known to be new, and is read from history elsewhere',
  (classType) => {
    const [input] = Object.keys(rowInputs(classType));
    const inputs = { [input!]: link };
    expect(sentFor(classType, inputs)).toEqual(
      savedAs(
        {
          [`${A}_before`]: node('PreviewAny', { source: link }),
          '7': node('SaveText', { text: [`${A}_before`, 0], format: 'txt', filename_prefix: `preview_${input}` }),
        },
        '7',
      ),
    );
    for (const version of ['0.32.9', '0.3.64', null])
      expect(sentFor(classType, inputs, version)).toEqual({ ...nothing, inHistory: ['7'] });
  },
);

const rowInputs = (classType: string) => {
  const row = PREVIEW_CLASSES.get(classType);
  return row?.kind === 'inputs' ? row.inputs : {};
};

test('a 3D file is saved only where the worker is known to be new', () => {
  const message = 'What PreviewPointCloud (node 7) shows can be saved only by ComfyUI 0.33 or newer.';
  expect(sentFor('PreviewPointCloud', { model_3d: link }, null)).toEqual({ ...nothing, lost: [message] });
});

test('a node whose output is used stays, and has a save node beside it', () => {
  const user: Graph = { next: { class_type: 'ImageInvert', inputs: { image: ['7', 0] } } };
  expect(sentFor('PreviewImage', { images: link }, null, user)).toEqual(savedAs({ [A]: picture('preview_images') }, A));
  expect(sentFor('ShowText|pysssss', { text: link }, null, user)).toEqual({ ...nothing, inHistory: ['7'] });
});

test('added ids keep out of the way of the participant’s', () => {
  const more: Graph = { comfyume_preview1: { class_type: 'EmptyImage', inputs: {} } };
  const { nodes } = sentFor('ImageCompare', { image_a: link, image_b: link }, null, more);
  expect(Object.keys(nodes)).toEqual(['7', 'comfyume_preview_1']);
});

const shown = fc.constantFrom(...PREVIEW_CLASSES.keys(), 'VHS_VideoCombine', 'easy kSampler');
const withPreviews = fc
  .tuple(randomGraph, fc.array(fc.tuple(shown, fc.nat(), fc.boolean()), { minLength: 1, maxLength: 6 }))
  .map(([graph, previews]): Graph => {
    const ids = Object.keys(graph);
    const added = previews.map(([class_type, n, isOff], index): [string, Graph[string]] => {
      const inputs: Record<string, unknown> = {
        filename_prefix: 'x',
        save_prefix: 'y',
        save_output: isOff,
        image_output: isOff ? 'Preview' : 'Save',
      };
      for (const input of Object.keys(rowInputs(class_type))) inputs[input] = [ids[n % ids.length], 0];
      return [`shown ${index}`, { class_type, inputs }];
    });
    return { ...graph, ...Object.fromEntries(added) };
  });

test('whatever is shown: the graph stays one that a worker takes, other nodes stay as they are, and each node is told of once', () => {
  fc.assert(
    fc.property(withPreviews, fc.constantFrom(NEW, '0.3.64', null), (graph, version) => {
      const before = JSON.stringify(graph);
      const { graph: sent, writers, inHistory, lost } = previewsAsSaves(deepFreeze(graph), { version });
      expect(JSON.stringify(graph)).toBe(before);
      expect(parseGraph(sent)).toEqual(sent);
      for (const [id, node] of Object.entries(graph)) {
        const isOurs =
          PREVIEW_CLASSES.has(node.class_type) || SWITCHES.some(({ input, off }) => node.inputs[input] === off);
        if (!isOurs) expect(sent[id]).toBe(node);
      }
      expect(new Set(writers.map(({ senderId }) => senderId)).size).toBe(writers.length);
      for (const { nodeId, classType, senderId, input } of writers) {
        expect(graph[nodeId]?.class_type).toBe(classType);
        expect(typeof sent[senderId]?.inputs[input]).toBe('string');
      }
      const told = [...inHistory, ...lost].map(({ nodeId }) => nodeId);
      expect(new Set(told).size).toBe(told.length);
      expect(writers.some(({ nodeId }) => told.includes(nodeId))).toBe(false);
      const links = Object.values(graph).flatMap(({ inputs }) => Object.values(inputs).filter(isLink));
      for (const [id] of links) expect(sent[id]?.class_type).toBe(graph[id]?.class_type);
    }),
  );
});
