import { expect, test } from 'vitest';
import { testCatalogue } from '#src/domain/node-catalogue/catalogue.testing.ts';
import { unionOf } from '#src/domain/node-catalogue/union.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { graph, unknownNodes } from '../stage.testing.ts';
import { type CheckDeps, checkGraph } from './check-graph.ts';

const all = testCatalogue();
const small = testCatalogue(
  '{"EmptyImage":{"input":{},"output":["IMAGE"]},"SaveImage":{"input":{},"output_node":true}}',
);
const endpoint = (id: string, enabled = true) => ({
  id,
  name: id,
  url: 'http://x',
  gpu: '',
  pricing: 'spot' as const,
  capacity: 1,
  enabled,
  apiKeyVariable: null,
  origin: 'operator' as const,
  place: 0,
  pricePerHour: null,
  deployment: null,
  listening: 'on' as const,
  keepWarmUntil: null,
  warmWorkflowId: null,
});
function deps(endpoints: ReturnType<typeof endpoint>[], known: Readonly<Record<string, typeof all>>): CheckDeps {
  const note = { versions: {}, capturedAt: 0, classes: 1, bytes: 1 };
  return {
    endpoints: { list: async () => endpoints },
    modelNames: { seen: async () => [{ folder: 'checkpoints', name: 'a.safetensors', bytes: 1 }] },
    nodeCatalogues: {
      ...unknownNodes,
      notes: async () => new Map(Object.keys(known).map((id) => [id, note])),
      of: async (id) => known[id] ?? null,
      union: async (ids) => unionOf(new Map(ids.flatMap((id) => (known[id] ? [[id, known[id]]] : [])))),
    },
  };
}
const scaled = {
  ...graph,
  '3': { class_type: 'ImageScale', inputs: { image: ['1', 0], upscale_method: 'area', factor: 2 } },
};
const two = [endpoint('one'), endpoint('two')];
const refusingEndpoints = async (known: CheckDeps, prompt: Graph) => (await checkGraph(known, prompt)).refusedBy;

test('where nothing is known, nothing is refused', async () => {
  expect(await refusingEndpoints(deps(two, {}), scaled)).toEqual([]);
});

test('an endpoint that lacks a class is left out, as long as another one has it or is unknown', async () => {
  expect(await refusingEndpoints(deps(two, { one: all, two: small }), scaled)).toEqual(['two']);
  expect(await refusingEndpoints(deps(two, { two: small }), scaled)).toEqual(['two']);
  expect(await refusingEndpoints(deps(two, { one: small, two: small }), graph)).toEqual([]);
});

test('what all would refuse is refused, and the missing node is named with what is there instead', async () => {
  const prompt = { ...graph, '3': { class_type: 'ImageScaler', inputs: {} }, '4': { class_type: 'Zzz', inputs: {} } };
  await expect(refusingEndpoints(deps(two, { one: all, two: small }), prompt)).rejects.toMatchObject({
    code: 'invalid_graph',
    message:
      'No GPU can run this workflow. “ImageScaler” is not installed on the GPUs; similar: ImageScale. “Zzz” is not installed on the GPUs. If that has changed, an operator can read the nodes again under Admin → Endpoints.',
    promptError: { type: 'missing_node_type' },
    nodeErrors: { '3': { errors: [{ type: 'missing_node_type' }] }, '4': {} },
  });
});

test('endpoints that are off count for nothing', async () => {
  const one = deps([endpoint('one', false), endpoint('two')], { one: all, two: small });
  await expect(refusingEndpoints(one, scaled)).rejects.toMatchObject({ code: 'invalid_graph' });
  expect(await refusingEndpoints(deps([endpoint('one', false)], { one: small }), scaled)).toEqual([]);
});

test('a value that no endpoint takes is told in words, of the endpoint that has most of it', async () => {
  const bad = {
    ...scaled,
    '1': { ...graph['1'], inputs: { ...graph['1'].inputs, width: 0 } },
    '9': { ...graph['9'], inputs: { ...graph['9'].inputs, images: ['3', 0] } },
  };
  await expect(refusingEndpoints(deps(two, { one: small, two: all }), bad)).rejects.toMatchObject({
    message: 'No GPU can run this workflow. EmptyImage: width — value 0 is below the minimum, 1.',
    promptError: { type: 'prompt_outputs_failed_validation' },
    nodeErrors: { '1': { errors: [{ type: 'value_smaller_than_min' }] } },
  });
});

test('a model that is not on the share is named with those that are', async () => {
  const prompt = {
    ...graph,
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'b.safetensors' } },
    '2': { class_type: 'KSampler', inputs: { model: ['1', 0], seed: 1, text: '', on: true } },
    '9': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'x' } },
  };
  const found = refusingEndpoints(deps(two, { one: all, two: all }), prompt);
  await expect(found).rejects.toMatchObject({
    message: expect.stringContaining('“b.safetensors” is not available; available: a.safetensors'),
  });
});

test('an output that no endpoint would run is told, one that some would is not', async () => {
  const partly: Graph = { ...graph, '10': { class_type: 'SaveImage', inputs: { filename_prefix: 'x' } } };
  const told = async (known: Readonly<Record<string, typeof all>>) =>
    (await checkGraph(deps(two, known), partly)).nodeErrors;
  expect(await told({ one: all, two: all })).toMatchObject({
    '10': { class_type: 'SaveImage', dependent_outputs: ['10'], errors: [{ type: 'required_input_missing' }] },
  });
  expect(await told({ one: all, two: small })).toEqual({});
  expect(await told({ one: all })).toEqual({});
});
