import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Catalog } from '../../simulator/replica/catalog.ts';
import { ExecutionOrder } from '../../simulator/replica/execution/execution-order.ts';
import { deepFreeze } from '../fixtures/random-graph.ts';
import { type Graph, isLink } from './graph.ts';
import { finishMarkers } from './markers.ts';
import { parseGraph } from './parse-graph.ts';

const ATTEMPT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const NEW = '0.33.0';
const OLD = '0.3.64';
const MODES = [NEW, OLD, null];
const markersOf = (graph: Graph, senders: readonly string[], version: string | null, id = ATTEMPT) =>
  finishMarkers(deepFreeze(graph), senders, 'comfyume', { id, folder: `comfyume/${id}`, version });

const sources: Graph = {
  a: { class_type: 'LoadVideo', inputs: {} },
  b: { class_type: 'MyNode', inputs: { x: ['a', 0] } },
  c: { class_type: 'MyNode', inputs: {} },
};
const format = 'StringFormat EmptyImage SaveImage';
const dot = 'EmptyImage SaveImage';
const picture = 'ImageFromBatch ImageScale SaveImage';
const text = 'StringSubstring StringConcatenate';
const [A0, A1, B0, C0] = [
  ['a', 0],
  ['a', 1],
  ['b', 0],
  ['c', 0],
];

/** Class, inputs, and the classes of the marker's nodes on a new, an old and an unknown worker. */
test.each<[string, Record<string, unknown>, string | null, string | null, string | null]>([
  ['SaveImage', { images: A0 }, format, picture, picture],
  ['SaveAnimatedWEBP', { images: A0, fps: 6 }, format, picture, picture],
  ['SaveImageDataSetToFolder', { images: A0, folder_name: 'x' }, format, picture, picture],
  ['SaveImageTextDataSetToFolder', { images: A0, texts: B0 }, format, `${picture} ${text}`, null],
  ['SaveImage', { images: A0, filename_prefix: B0 }, format, `${picture} ${text}`, null],
  ['SaveImage', { images: 'no link' }, null, null, null],
  ['SaveWEBM', { images: A0, fps: A1 }, format, picture, picture],
  ['SaveWEBM', { fps: A1, images: A0 }, format, picture, picture],
  ['SaveWEBM', { images: A0, fps: B0 }, format, null, null],
  ['SaveWEBM', { images: A0, fps: B0, crf: C0 }, format, null, null],
  ['SaveAudio', { audio: A0 }, format, 'TrimAudioDuration SaveAudio', null],
  ['SaveAudioMP3', { audio: A0, filename_prefix: B0 }, format, `TrimAudioDuration SaveAudio ${text}`, null],
  ['SaveLatent', { samples: A0 }, format, 'LatentCut LatentCut SaveLatent', null],
  ['SaveVideo', { video: A0 }, format, null, null],
  ['SaveText', { text: A0 }, format, `${dot} ${text}`, null],
  ['SaveText', { text: A0, filename_prefix: B0 }, format, `${dot} ${text} ${text}`, null],
  ['SaveGLB', { mesh: A0 }, format, null, null],
  ['Save3DAdvanced', { model_3d: A0, camera_info: B0 }, format, null, null],
  ['CheckpointSave', { model: A0, clip: A1, vae: B0 }, format, null, null],
  ['SaveLoRA', { lora: A0, steps: B0 }, format, null, null],
  ['VHS_VideoCombine', { images: A0, audio: A1, frame_rate: B0 }, format, null, null],
  ['MySaveNode', { images: A0 }, null, null, null],
])('%s %j', (class_type, inputs, ...expected) => {
  const graph: Graph = { ...sources, s: { class_type, inputs: { filename_prefix: 'x', folder_name: 'x', ...inputs } } };
  const built = MODES.map((version) => {
    const { nodes, markerOf, markerNodes } = markersOf(graph, ['s'], version);
    expect(markerOf.has('s')).toBe(Object.keys(markerNodes).length === 1);
    if (!markerOf.has('s')) return null;
    return Object.values(nodes)
      .map((node) => node.class_type)
      .sort()
      .join(' ');
  });
  expect(built).toEqual(expected.map((classes) => classes?.split(' ').sort().join(' ') ?? null));
});

test('one marker for all save nodes that wait for the same nodes, another for others', () => {
  const save = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
  const graph: Graph = {
    ...sources,
    s1: save('SaveImage', { images: A0 }),
    s2: save('SaveWEBM', { images: A1, fps: ['a', 2] }),
    s3: save('SaveImage', { images: B0 }),
    s4: save('SaveWEBM', { images: B0, fps: A0 }),
    s5: save('SaveWEBM', { fps: B0, images: A0 }),
  };
  const { markerOf, markerNodes } = markersOf(graph, ['s1', 's2', 's3', 's4', 's5', 'gone'], NEW);
  expect([...markerOf]).toEqual([
    ['s1', '_finished0'],
    ['s2', '_finished0'],
    ['s3', '_finished1'],
    ['s4', '_finished2'],
    ['s5', '_finished2'],
  ]);
  expect(markerNodes).toEqual({
    _finished0: 'comfyume_finished0',
    _finished1: 'comfyume_finished1',
    _finished2: 'comfyume_finished2',
  });
});

test('none where the worker runs the graph several times', () => {
  const save = { class_type: 'SaveImage', inputs: { images: A0 } };
  const again = { class_type: 'VHS_BatchManager', inputs: {} };
  expect(markersOf({ ...sources, save, again }, ['save'], NEW)).toEqual({
    nodes: {},
    markerOf: new Map(),
    markerNodes: {},
  });
});

const SAVERS = [
  'SaveImage',
  'SaveWEBM',
  'SaveAudio',
  'SaveLatent',
  'SaveVideo',
  'SaveText',
  'SaveGLB',
  'CheckpointSave',
  'SaveImageTextDataSetToFolder',
  'MySaveNode',
];
const INPUTS = ['images', 'audio', 'samples', 'video', 'text', 'mesh', 'model', 'fps', 'texts', 'filename_prefix'];
const OUTPUTS = new Set([...SAVERS, 'PreviewAny', 'PreviewImage']);

/** Sources that feed each other and save nodes that wait for any of them, by any of their inputs. */
const random = fc
  .record({
    sources: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('MyNode', 'PreviewImage')), {
      minLength: 1,
      maxLength: 6,
    }),
    saves: fc.array(
      fc.tuple(
        fc.constantFrom(...SAVERS),
        fc.dictionary(fc.constantFrom(...INPUTS), fc.nat(), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    version: fc.constantFrom(...MODES),
    id: fc.uuid(),
  })
  .map(({ sources, saves, version, id }) => {
    const graph: Record<string, Graph[string]> = {};
    for (const [index, [one, two, class_type]] of sources.entries()) {
      const inputs = index === 0 ? {} : { one: [`n${one % index}`, one % 3], two: [`n${two % index}`, 0] };
      graph[`n${index}`] = { class_type, inputs };
    }
    for (const [index, [class_type, links]] of saves.entries()) {
      const inputs = Object.entries(links).map(([name, n]) => [name, [`n${n % sources.length}`, n % 3]]);
      graph[`s${index}`] = { class_type, inputs: Object.fromEntries(inputs) };
    }
    return { graph, senders: saves.map((_, index) => `s${index}`), version, id };
  });

const toJson = (prompt: Graph) => z.record(z.string(), z.json()).parse(prompt);
const named = (prompt: Graph, id: string) => ({
  ...prompt[id],
  inputs: { filename_prefix: 'x', folder_name: 'x', ...prompt[id]?.inputs },
});

const linksOf = (graph: Graph, id: string) => Object.values(graph[id]?.inputs ?? {}).filter(isLink);

/** Any node whose inputs are there may run next, but outputs before others. What is cached is there from the beginning. */
function run(prompt: Graph, isCached: (id: string) => boolean, choose: (most: number) => number): string[] {
  const done = new Set(Object.keys(prompt).filter(isCached));
  const order: string[] = [];
  const left = new Set(Object.keys(prompt).filter((id) => !done.has(id)));
  while (left.size > 0) {
    const ready = [...left].filter((id) => linksOf(prompt, id).every(([source]) => done.has(source)));
    const outputs = ready.filter((id) => OUTPUTS.has(prompt[id]?.class_type ?? ''));
    const from = outputs.length > 0 ? outputs : ready;
    const next = from[choose(from.length - 1)]!;
    left.delete(next);
    done.add(next);
    order.push(next);
  }
  return order;
}

/** A worker's cache knows a node by its inputs and those of all before it: what holds no trace of the attempt may be there. */
const mayBeCached = (prompt: Graph, own: ReadonlySet<string>): Set<string> => {
  const cached = new Set<string>();
  for (let before = -1; before < cached.size; ) {
    before = cached.size;
    for (const id of Object.keys(prompt))
      if (!own.has(id) && linksOf(prompt, id).every(([source]) => cached.has(source))) cached.add(id);
  }
  return cached;
};

/** What of a sent graph a worker may hold from earlier attempts. */
function cacheableOf({
  graph,
  senders,
  version,
  id,
}: {
  graph: Graph;
  senders: string[];
  version: string | null;
  id: string;
}) {
  const { nodes } = markersOf(graph, senders, version, id);
  const other = markersOf(
    graph,
    senders,
    version,
    id.replace(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16)),
  ).nodes;
  const changed = Object.keys(nodes).filter((key) => JSON.stringify(nodes[key]) !== JSON.stringify(other[key]));
  return mayBeCached({ ...graph, ...nodes }, new Set([...senders, ...changed]));
}

describe('a marker comes after the files of every save node that relies on it', () => {
  test('in whatever order a worker runs what is ready, and whatever of it is cached', () => {
    let relied = 0;
    fc.assert(
      fc.property(random, fc.func(fc.boolean()), fc.infiniteStream(fc.nat()), (one, isKept, numbers) => {
        const { nodes, markerOf, markerNodes } = markersOf(one.graph, one.senders, one.version, one.id);
        const prompt = { ...one.graph, ...nodes };
        expect(
          parseGraph({ ...prompt, ...Object.fromEntries(one.senders.map((id) => [id, named(prompt, id)])) }),
        ).toBeDefined();
        const cacheable = cacheableOf(one);
        const order = run(
          prompt,
          (node) => cacheable.has(node) && isKept(node),
          (most) => numbers.next().value % (most + 1),
        );
        for (const [sender, marker] of markerOf) {
          relied += 1;
          expect(order.indexOf(markerNodes[marker]!)).toBeGreaterThan(order.indexOf(sender));
        }
      }),
      { numRuns: 300 },
    );
    expect(relied).toBeGreaterThan(200);
  });

  test('in the order of the worker that we test with', () => {
    const catalogOf = (version: string) =>
      new Catalog({ models: {}, version, inputs: '/nowhere', outputs: '/nowhere' });
    const newer = catalogOf(NEW);
    const older = catalogOf(OLD);
    let relied = 0;
    fc.assert(
      fc.property(random, fc.func(fc.boolean()), fc.func(fc.integer()), (one, isKept, place) => {
        const catalog = one.version === NEW ? newer : older;
        const senders = one.senders.filter((id) => catalog.has(one.graph[id]!.class_type));
        const { nodes, markerOf, markerNodes } = markersOf(one.graph, senders, one.version, one.id);
        const prompt = Object.fromEntries(
          Object.entries({ ...one.graph, ...nodes }).sort(([a], [b]) => place(a) - place(b)),
        );
        const cacheable = cacheableOf({ ...one, senders });
        const isCached = (id: string) => cacheable.has(id) && isKept(id);
        const outputs = Object.keys(prompt).filter((id) => catalog.get(prompt[id]!.class_type)?.isOutput);
        const order = new ExecutionOrder(toJson(prompt), outputs, catalog, isCached);
        const ran: string[] = [];
        for (let id = order.next(); id !== null; id = order.next()) {
          ran.push(id);
          order.done(id);
        }
        for (const [sender, marker] of markerOf) {
          relied += 1;
          expect(ran.indexOf(markerNodes[marker]!)).toBeGreaterThan(ran.indexOf(sender));
        }
      }),
      { numRuns: 300 },
    );
    expect(relied).toBeGreaterThan(100);
  });
});
