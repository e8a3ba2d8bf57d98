import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomGraph } from '../fixtures/random-graph.ts';
import type { Graph } from './graph.ts';
import { graphDifferences } from './graph-differences.ts';

const graph = (denoise: number, more: Graph = {}): Graph => ({
  '1': { class_type: 'KSampler', inputs: { denoise, seed: 7, model: ['2', 0] } },
  '2': { class_type: 'LoraLoader', inputs: { strength_model: 1, lora_name: 'grain.safetensors' } },
  ...more,
});

test('tells what differs, and nothing else', () => {
  const other = graph(0.8, {
    '2': { class_type: 'LoraLoader', inputs: { lora_name: 'grain.safetensors', bypass: true } },
  });
  expect(graphDifferences([graph(0.6), other, graph(0.6)])).toEqual([
    { nodeId: '1', classType: 'KSampler', input: 'denoise', values: ['0.6', '0.8', '0.6'] },
    { nodeId: '2', classType: 'LoraLoader', input: 'strength_model', values: ['1', null, '1'] },
    { nodeId: '2', classType: 'LoraLoader', input: 'bypass', values: [null, 'true', null] },
  ]);
});

test('leaves out nodes that are not the same, and links that go elsewhere', () => {
  const other = graph(0.6, { '2': { class_type: 'CLIPLoader', inputs: { strength_model: 2 } } });
  const linked: Graph = { '1': { class_type: 'KSampler', inputs: { denoise: 0.6, seed: 7, model: ['9', 0] } } };
  expect(graphDifferences([graph(0.6), other])).toEqual([]);
  expect(graphDifferences([graph(0.6), linked])).toEqual([]);
});

test('a graph does not differ from itself, and one alone from nothing', () => {
  fc.assert(
    fc.property(randomGraph, (one) => {
      expect(graphDifferences([one, one])).toEqual([]);
      expect(graphDifferences([one])).toEqual([]);
    }),
  );
});
