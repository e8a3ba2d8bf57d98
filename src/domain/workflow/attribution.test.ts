import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomGraph } from '../fixtures/random-graph.ts';
import { attribute, numberedName, splitName, workerStem } from './attribution.ts';
import { isLink } from './graph.ts';
import { placeInputs } from './outputs/outputs.ts';
import { type Plan, rewriteGraph } from './rewrite.ts';

const plan: Plan = {
  folder: 'comfyume/x',
  saves: [
    { nodeId: '9', classType: 'SaveImage', isPreview: false, dir: '0', marker: '_finished0' },
    { nodeId: 'video', classType: 'SaveVideo', isPreview: false, dir: '1', marker: null },
  ],
  markerNodes: { _finished0: 'comfyume_finished0' },
};

describe('attribute', () => {
  test.each([
    ['_started_00001_.png', { kind: 'started' }],
    ['_started_00002_.png', { kind: 'started' }],
    ['_finished0_00001_.png', { kind: 'finished', marker: '_finished0' }],
    ['_finished0_00001_.flac', { kind: 'finished', marker: '_finished0' }],
    ['_finished0_00002_.latent', { kind: 'finished', marker: '_finished0' }],
    ['0/ComfyUI_00001_.png', { kind: 'output', nodeId: '9', name: 'ComfyUI_00001_.png', isPreview: false }],
    ['0/film/shot_00012_.png', { kind: 'output', nodeId: '9', name: 'film/shot_00012_.png', isPreview: false }],
    ['1/clip_00001_.mp4', { kind: 'output', nodeId: 'video', name: 'clip_00001_.mp4', isPreview: false }],
    ['0/_started_00001_.png', { kind: 'output', nodeId: '9', name: '_started_00001_.png', isPreview: false }],
    ['0/_finished0_00001_.png', { kind: 'output', nodeId: '9', name: '_finished0_00001_.png', isPreview: false }],
  ])('%s', (path, owner) => expect(attribute(path, plan)).toEqual(owner));

  test.each([
    '2/ComfyUI_00001_.png',
    '00/ComfyUI_00001_.png',
    'ComfyUI_00001_.png',
    '0',
    '',
    '/0/x_00001_.png',
    '../0/x_00001_.png',
    '_finished1_00001_.png',
    '_finished_00001_.png',
    '_started_00001_.jpg',
    '_started_00001_.flac',
    '_finished0_00001_.txt',
    '_started.png',
    'a_started_00001_.png',
    '_started/x_00001_.png',
    'toString/x_00001_.png',
    'constructor_00001_.png',
  ])('%s is a stray', (path) => expect(attribute(path, plan)).toEqual({ kind: 'stray' }));

  test('what a worker writes for a rewritten graph comes back to its node, under the participant’s own name', () => {
    fc.assert(
      fc.property(randomGraph, fc.uuid(), fc.integer({ min: 1, max: 120_000 }), (graph, id, counter) => {
        const { prompt, plan } = rewriteGraph(graph, id, { version: null }, 0);
        const markers = new Map(Object.entries(plan.markerNodes).map(([marker, nodeId]) => [nodeId, marker]));
        for (const [nodeId, node] of Object.entries(prompt)) {
          const [input] = placeInputs(node);
          if (input === undefined) continue;
          const name = node.inputs[input];
          // A name that only the worker knows is joined to its folder there.
          const folder = isLink(name) ? `${prompt[name[0]]?.inputs.string_a}any` : name;
          const written = numberedName(String(folder), counter, '_.png');
          const owner = attribute(written.slice(plan.folder.length + 1), plan);
          if (Object.hasOwn(graph, nodeId)) expect(owner).toMatchObject({ kind: 'output', nodeId });
          else if (markers.has(nodeId)) expect(owner).toEqual({ kind: 'finished', marker: markers.get(nodeId) });
          else expect(owner).toEqual({ kind: 'started' });
          if (owner.kind === 'output') expect(`/${written}`.endsWith(`/${owner.name}`)).toBe(true);
        }
      }),
    );
  });

  test('any other path is an orphaned file', () => {
    const segment = fc.oneof(
      fc.string({ maxLength: 10 }),
      fc.constantFrom('0', '1', '2', '_started_1_.png', '_finished0_1_.png', '..', ''),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const path = segments.join('/');
        const planned = /^[01]\//.test(path) || /^(_started|_finished0)_\d+_\.png$/.test(path);
        expect(attribute(path, plan).kind === 'stray').toBe(!planned);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('splitName', () => {
  test.each([
    ['ComfyUI_00001_.png', 'ComfyUI', '_.png'],
    ['film/shot 01_00012_.png', 'film/shot 01', '_.png'],
    ['x_100000_.png', 'x', '_.png'],
    ['name_00001_.PNG', 'name', '_.png'],
    ['lora_100_steps_00001_.safetensors', 'lora_100_steps', '_.safetensors'],
    ['bn_0_00001_.png', 'bn_0', '_.png'],
    ['x_9_foo.png', 'x_9_foo', '_.png'],
    ['x_00005.png', 'x', '.png'],
    ['take_00001.mp4', 'take', '.mp4'],
    ['take_00001-audio.mp4', 'take', '-audio.mp4'],
    ['take-audio.mp4', 'take-audio', '_.mp4'],
    ['scene_00001_.txt', 'scene', '_.txt'],
    ['v1.5/shot_00001_', 'v1.5/shot', '_'],
    ['no extension', 'no extension', '_'],
    ['.hidden_00001_.png', '_hidden', '_.png'],
    ['film/.png', 'film/_png', '_'],
    ['../x_00001_.png', '_/x', '_.png'],
    ['a//b_00001_.png', 'a/b', '_.png'],
    ['back\\slash_00001_.png', 'back_slash', '_.png'],
    ['new\nline_00001_.png', 'new_line', '_.png'],
    ['_00001_.png', 'file', '_.png'],
    ['', 'file', '_'],
  ])('%j is %j and %j', (name, stem, ending) => expect(splitName(name)).toEqual({ stem, ending }));

  test('a numbered name splits into what it was made of', () => {
    const stem = fc.stringMatching(/^[a-z0-9][a-z0-9 _-]{0,20}(\/[a-z0-9][a-z0-9 _-]{0,20}){0,3}$/);
    const ending = fc.constantFrom('_.png', '.mp4', '-audio.mp4', '_.safetensors', '_');
    fc.assert(
      fc.property(stem, fc.nat(200_000), ending, (stem, counter, ending) => {
        expect(splitName(numberedName(stem, counter, ending))).toEqual({ stem, ending });
      }),
    );
  });

  test('whatever a worker wrote, the new name stays below the participant’s folder and splits the same way again', () => {
    const name = fc.string({
      unit: fc.constantFrom('/', '.', '\\', 'a', ' ', '_', '00001', '名', '\n', '\u0000', ':'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(name, (written) => {
        const { stem, ending } = splitName(written);
        const given = numberedName(stem, 1, ending);
        expect(given.split('/').every((segment) => segment !== '' && !segment.startsWith('.'))).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
        expect(given).not.toMatch(/[\u0000-\u001f\\:]/);
        expect(splitName(given)).toEqual({ stem, ending });
      }),
      { numRuns: 3000 },
    );
  });
});

test.each([
  ['ComfyUI', 1, '_.png', 'ComfyUI_00001_.png'],
  ['film/shot', 99_999, '.mp4', 'film/shot_99999.mp4'],
  ['x', 100_000, '_', 'x_100000_'],
])('%s, %i, %s → %s', (stem, counter, ending, name) => expect(numberedName(stem, counter, ending)).toBe(name));

test.each([
  ['take_00001.mp4', 'take_00001'],
  ['take_00001.png', 'take_00001'],
  ['take_00001-audio.mp4', 'take_00001'],
  ['film/scene_00001_.png', 'film/scene_00001_'],
  ['film/scene_00001_.txt', 'film/scene_00001_'],
  ['v1.5/scene', 'v1.5/scene'],
  ['v1.5/.png', 'v1.5/.png'],
])('%s has its companions by %s', (name, stem) => expect(workerStem(name)).toBe(stem));
