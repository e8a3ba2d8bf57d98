import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { randomGraph } from '../fixtures/random-graph.ts';
import recorded from '../fixtures/recorded-prompts.json' with { type: 'json' };
import { assertPlainJson, type GraphNode, isLink } from './graph.ts';
import { parseGraph, refuseTooManyInputs } from './parse-graph.ts';

const image = { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } };
const save = (link: unknown = ['1', 0]) => ({
  class_type: 'SaveImage',
  inputs: { images: link, filename_prefix: 'x' },
});
const wide = (count: number) => ({
  class_type: 'A',
  inputs: Object.fromEntries(Array.from({ length: count }, (_, n) => [`i${n}`, n])),
});
const good = { '1': image, '2': save() };

function refusal(value: unknown): AppError {
  try {
    parseGraph(value);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_graph') return error;
    throw error;
  }
  throw new Error('The graph was accepted.');
}

describe('recorded prompts', () => {
  // What a worker refuses because of its models, values and types is the worker's to say.
  const OURS = new Set([
    'empty prompt -> prompt_no_outputs',
    'node without class_type',
    'node without inputs',
    'missing required input',
    'link to a node that does not exist',
    'cycle',
    'prompt is null',
    'prompt is a list',
    'prompt is a string',
    'a node is null',
    'UI workflow format sent instead of the API format',
  ]);
  test.each(recorded)('$status $name', ({ name, status, prompt }) => {
    if (!OURS.has(name)) return expect(parseGraph(prompt)).toStrictEqual(prompt);
    expect(status).not.toBe(200);
    expect(refusal(prompt).message.length).toBeGreaterThan(20);
  });
  test('all refusals are among the recordings', () =>
    expect(recorded.map(({ name }) => name)).toEqual(expect.arrayContaining([...OURS])));
});

test.each([
  ['text', 'x', /object of nodes/],
  ['a list', [good], /object of nodes/],
  ['null', null, /object of nodes/],
  ['nothing in it', {}, /no nodes/],
  ['the editor’s format', { nodes: [], links: [], version: 0.4 }, /Export \(API\)/],
  ['a node that is a list', { ...good, '3': [] }, /Node 3: This node is not an object\./],
  [
    'a class_type that is no text',
    { ...good, '3': { class_type: 7, inputs: {} } },
    /Node 3: This node has no class_type/,
  ],
  ['an empty class_type', { ...good, '3': { class_type: '', inputs: {} } }, /no class_type/],
  ['a class_type without end', { ...good, '3': { class_type: 'x'.repeat(201), inputs: {} } }, /no class_type/],
  ['inputs that are a list', { ...good, '3': { class_type: 'A', inputs: [] } }, /A: This node has no inputs/],
  ['an empty node id', { ...good, '': image }, /between 1 and 64/],
  ['a node id without end', { ...good, ['i'.repeat(65)]: image }, /between 1 and 64/],
  [
    'a missing prefix',
    { '1': image, '2': { class_type: 'SaveImage', inputs: { images: ['1', 0] } } },
    /SaveImage: Required .*filename_prefix/,
  ],
  ['a link to nowhere', { ...good, '2': save(['77', 0]) }, /SaveImage: .*node 77.*\(images\)/],
  ['a link to what every object has', { ...good, '2': save(['toString', 0]) }, /node toString/],
  ['a node linked to itself', { '1': { class_type: 'A', inputs: { x: ['1', 0] } }, s: save() }, /loop: node 1 → 1\./],
  [
    'a circle of two',
    {
      a: { class_type: 'A', inputs: { x: ['b', 0] } },
      b: { class_type: 'B', inputs: { x: ['a', 0] } },
      s: save(['a', 0]),
    },
    /loop: node a → b → a\./,
  ],
  [
    'a folder without a name',
    { '1': image, '2': { class_type: 'SaveImageDataSetToFolder', inputs: { images: ['1', 0] } } },
    /folder_name/,
  ],
])('refuses %s', (_, value, message) => expect(refusal(value).message).toMatch(message));

test.each([
  ['a link to nowhere', { '7': { class_type: 'LoraLoader', inputs: { model: ['4', 0] } } }],
  [
    'a circle',
    { '7': { class_type: 'A', inputs: { x: ['8', 0] } }, '8': { class_type: 'B', inputs: { x: ['7', 0] } } },
  ],
  ['a circle that hangs on what is saved', { '7': { class_type: 'A', inputs: { x: ['1', 0], y: ['7', 0] } } }],
])('%s in a part that feeds no output is none of our business, as it is none of the worker’s', (_, part) => {
  const graph = { ...good, ...part };
  expect(parseGraph(graph)).toStrictEqual(graph);
});

test('a node that is not an object is refused wherever it is', () =>
  expect(refusal({ ...good, '7': 'x' }).message).toMatch(/Node 7/));

test('says of every faulty node what is wrong, in ComfyUI’s shape', () => {
  const error = refusal({
    '1': image,
    '2': save(['8', 0]),
    '3': { class_type: 'SaveAudio', inputs: { audio: ['9', 1] } },
  });
  expect(error.nodeErrors).toEqual({
    '2': {
      class_type: 'SaveImage',
      dependent_outputs: [],
      errors: [
        expect.objectContaining({
          type: 'bad_linked_input',
          details: 'images',
          extra_info: { input_name: 'images', received_value: ['8', 0] },
        }),
      ],
    },
    '3': {
      class_type: 'SaveAudio',
      dependent_outputs: [],
      errors: [
        expect.objectContaining({ type: 'bad_linked_input', details: 'audio' }),
        expect.objectContaining({ type: 'required_input_missing', details: 'filename_prefix' }),
      ],
    },
  });
});

describe('keys that could reach a prototype', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('%s', (key) => {
    for (const text of [
      `{"${key}": {"class_type": "A", "inputs": {}}}`,
      `{"1": {"class_type": "A", "inputs": {}, "${key}": 1}}`,
      `{"1": {"class_type": "A", "inputs": {"${key}": {"polluted": true}}}}`,
      `{"1": {"class_type": "A", "inputs": {"list": [[{"${key}": 1}]]}}}`,
    ])
      expect(refusal(JSON.parse(text)).message).toContain(`"${key}"`);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

describe('sizes', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 'x';
    for (let level = 0; level < levels; level += 1) value = level % 2 ? { a: value } : [value];
    return value;
  };
  test('32 levels are allowed, one more is not, 100,000 do no harm', () => {
    expect(() => assertPlainJson(nested(33), 'It')).not.toThrow();
    expect(() => assertPlainJson(nested(34), 'It')).toThrow('It is nested more than 32 levels deep.');
    expect(() => assertPlainJson(nested(100_000), 'It')).toThrow(AppError);
  });

  const chain = (length: number, first: unknown) => {
    const nodes: [string, GraphNode][] = [];
    for (let n = 0; n < length; n += 1)
      nodes.push([`n${n}`, { class_type: 'A', inputs: { x: n === 0 ? first : [`n${n - 1}`, 0] } }]);
    return nodes;
  };
  test('a chain of 5,000 nodes is fine from either end, one more node is not', () => {
    expect(Object.keys(parseGraph(Object.fromEntries(chain(5000, 0))))).toHaveLength(5000);
    expect(Object.keys(parseGraph(Object.fromEntries(chain(5000, 0).reverse())))).toHaveLength(5000);
    expect(refusal(Object.fromEntries(chain(5001, 0))).message).toContain('5001 nodes');
  });
  test('a circle of 4,999 nodes is found and told in a line that can be read', () => {
    const { message } = refusal({ ...Object.fromEntries(chain(4999, ['n4998', 0])), s: save(['n4998', 0]) });
    expect(message).toMatch(/loop/);
    expect(message.length).toBeLessThan(300);
  });
  const dense = (nodes: number) => {
    const ids = Array.from({ length: nodes }, (_, n) => `n${n}`);
    const all = ids.map((id, n): [string, GraphNode] => [
      id,
      { class_type: 'A', inputs: Object.fromEntries(ids.slice(0, n).map((other) => [other, [other, 0]])) },
    ]);
    return { ...Object.fromEntries(all), s: save([ids.at(-1), 0]) };
  };
  test('every node linked to all before it is no work, up to 25,000 links', () => {
    expect(Object.keys(parseGraph(dense(224)))).toHaveLength(225);
    expect(refusal(dense(225)).message).toBe('The workflow has 25201 links; at most 25000 are allowed.');
  });
});

test.each([
  [['1', 0], true],
  [['1', 3], true],
  [['1'], false],
  [['1', 0, 0], false],
  [[1, 0], false],
  [['1', '0'], false],
  [['1', 0.5], false],
  ['1,0', false],
  [{ 0: '1', 1: 0, length: 2 }, false],
  [null, false],
])('%j is a link: %s', (value, link) => expect(isLink(value)).toBe(link));

describe('random input', () => {
  test('a good graph comes back as it was', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        expect(parseGraph(graph)).toStrictEqual(graph);
      }),
    );
  });

  test('any circle is found: closing one along existing links makes a good graph bad', () => {
    fc.assert(
      fc.property(randomGraph, fc.nat(), (graph, pick) => {
        const links = Object.entries(graph).flatMap(([id, { inputs }]) =>
          Object.values(inputs).flatMap((value) => (isLink(value) ? [{ from: value[0], to: id }] : [])),
        );
        const link = links[pick % Math.max(1, links.length)];
        const source = link && graph[link.from];
        if (!link || !source) return;
        const circle = {
          ...graph,
          [link.from]: { ...source, inputs: { ...source.inputs, back: [link.to, 0] } },
          saves: save([link.to, 0]),
        };
        expect(refusal(circle).message).toMatch(/loop/);
      }),
    );
  });

  const anyJson = fc.jsonValue({ maxDepth: 4 });
  const almostAGraph = fc
    .tuple(randomGraph, fc.nat(), fc.constantFrom('node', 'class_type', 'inputs', 'input'), anyJson)
    .map(([graph, pick, where, junk]): unknown => {
      const id = Object.keys(graph)[pick % Object.keys(graph).length] ?? '';
      const node = graph[id];
      if (where === 'node' || !node) return { ...graph, [id]: junk };
      if (where === 'input') return { ...graph, [id]: { ...node, inputs: { ...node.inputs, x: junk } } };
      return { ...graph, [id]: { ...node, [where]: junk } };
    });
  test('JSON of any kind is a graph or an AppError', () => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(fc.oneof(anyJson, almostAGraph), (value) => {
        try {
          expect(parseGraph(value)).toStrictEqual(value);
          outcomes.add(true);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          outcomes.add(false);
        }
      }),
      { numRuns: 1000 },
    );
    expect(outcomes.size).toBe(2);
  });
});

describe('how many inputs a graph may have', () => {
  const many = (nodes: number, inputs: number) =>
    Object.fromEntries(Array.from({ length: nodes }, (_, n) => [`${n}`, wide(inputs)]));

  test.each([
    ['a node', many(1, 1001), /^Node 0 has more than 1000 inputs/],
    ['all nodes', many(51, 1000), /more than 50000 inputs/],
    ['a node with a long id', { ['i'.repeat(9000)]: wide(1001) }, /^Node i{64} has/],
  ])('more in %s', (_, graph, message) => {
    expect(() => refuseTooManyInputs(graph)).toThrow(message);
  });
  test('one that was stored before there was this limit is read', () =>
    expect(parseGraph(many(51, 1001))).toEqual(many(51, 1001)));
  test.each([
    ['as many as there may be', many(50, 1000)],
    ['no graph', null],
    ['nodes that are none', { '1': 7, '2': null }],
  ])('not refused: %s', (_, graph) => expect(() => refuseTooManyInputs(graph)).not.toThrow());
});
