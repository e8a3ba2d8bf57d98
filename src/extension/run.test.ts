import { describe, expect, test } from 'vitest';
import { serverAddress } from './address.ts';
import { belongs } from './arrival.ts';
import type { Fetch } from './comfy.ts';
import fixture from './fixtures/ui_run.json' with { type: 'json' };
import { pressOf, sendNames, unknownNode } from './run.ts';

const recorded = fixture.after_run.find(({ method }) => method === 'POST')?.json;
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

describe('a press of Run', () => {
  test('as the front end was seen to post it', () => {
    const press = pressOf(post(recorded), 'Dawn', 'r1');
    expect(press?.prompt).toEqual(recorded?.prompt);
    expect(press?.workflow).toEqual(recorded?.extra_data?.extra_pnginfo.workflow);
    expect(press).toMatchObject({ title: 'Dawn', requestId: 'r1' });
  });

  test('of one node only sends what that node needs', () => {
    const press = pressOf(post({ ...recorded, partial_execution_targets: ['1'] }), '', 'r1');
    expect(Object.keys(press?.prompt ?? {})).toEqual(['1']);
  });

  test.each([[{}], [{ prompt: null }], [{ prompt: { 1: { inputs: {} } } }], ['no object']])('%j is none', (body) =>
    expect(pressOf(post(body), '', 'r1')).toBeNull(),
  );
  test('with a node that ComfyUI does not have: its type, else its id', () => {
    const prompt = { 1: { class_type: 'SaveImage', inputs: {} }, 2: { inputs: {}, _meta: {} } };
    const nodes = [
      { id: 1, type: 'SaveImage' },
      { id: 2, type: 'Upscale' },
    ];
    const posted = (workflow: unknown) => post({ prompt, extra_data: { extra_pnginfo: { workflow } } });
    expect(unknownNode(posted({ nodes }))).toBe('Upscale');
    expect(unknownNode(posted(null))).toBe('2');
    expect(unknownNode(post({ prompt: { 1: prompt[1] } }))).toBeNull();
    expect(unknownNode(post({ prompt: null }))).toBeNull();
  });
  test('broken JSON is none', () => expect(pressOf({ method: 'POST', body: '{' }, '', 'r1')).toBeNull());
});

describe('a job belongs to the graph that is open', () => {
  const graphs = {
    prompt: { 9: { class_type: 'SaveImage' }, '3:4': { class_type: 'SaveImage' } },
    workflow: { id: 'w1' },
  };
  const open = (id: string | null, types: Record<string, string>) => ({
    id,
    typeOf: (nodeId: string) => types[nodeId] ?? null,
  });

  test.each([
    ['the same workflow', open('w1', { 9: 'SaveImage' }), true],
    ['another workflow with the same nodes', open('w2', { 9: 'SaveImage' }), false],
    ['one without an id and with this node', open(null, { 9: 'SaveImage' }), true],
    ['one without an id and with another node there', open(null, { 9: 'PreviewImage' }), false],
    ['the same workflow, the node gone', open('w1', {}), false],
  ])('%s', (_, graph, expected) => expect(belongs(graphs, ['9'], graph)).toBe(expected));

  test('one that was run before the editor gave it an id', () => {
    const early = { ...graphs, workflow: { id: '00000000-0000-0000-0000-000000000000' } };
    expect(belongs(early, ['9'], open('w2', { 9: 'SaveImage' }))).toBe(true);
  });

  test('a node in a subgraph by the subgraph’s own node', () => {
    expect(belongs(graphs, ['3:4'], open('w1', { 3: 'Subgraph' }))).toBe(true);
    expect(belongs(graphs, ['3:4'], open('w1', { 9: 'SaveImage' }))).toBe(false);
  });
});

describe('where the server is', () => {
  const inComfy = 'https://comfy.example/comfy/anna/extensions/comfyume/comfyume.js';
  const page = 'https://comfy.example/comfy/anna/?a=1';
  test.each([
    ['', inComfy, 'https://comfy.example'],
    ['https://class.example/', inComfy, 'https://class.example'],
    ['not an address', inComfy, 'https://comfy.example'],
    ['javascript:alert(1)', inComfy, 'https://comfy.example'],
    ['', 'https://class.example/extension/comfyume.js', 'https://class.example'],
  ])('set %j, read from %s: %s', (set, script, expected) => expect(serverAddress(set, script, page)).toBe(expected));
});

test('a run says the name of its workflow; other requests are left alone', async () => {
  const sent: [string, RequestInit | undefined][] = [];
  const native: Fetch = async (route, init) => {
    sent.push([route, init]);
    return new Response();
  };
  const asked: ((route: string, init: RequestInit | undefined) => Promise<Response> | null)[] = [];
  sendNames({
    openName: () => 'Füße',
    answerRequests: (answer) => {
      asked.push(answer);
      return native;
    },
  });
  const [answer] = asked;
  expect(answer?.('/prompt', undefined)).toBeNull();
  expect(answer?.('/queue', { method: 'POST' })).toBeNull();
  await answer?.('/prompt', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
  expect(sent).toEqual([
    [
      '/prompt',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'comfyume-name': 'F%C3%BC%C3%9Fe' },
        body: '{}',
      },
    ],
  ]);
});
