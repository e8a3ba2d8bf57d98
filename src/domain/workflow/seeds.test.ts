import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze, randomGraph } from '../fixtures/random-graph.ts';
import { seedPlaces, withNewSeeds } from './seeds.ts';

describe('withNewSeeds', () => {
  test('replaces seeds that are numbers, and those that a primitive gives, and nothing else', () => {
    const graph = deepFreeze({
      a: { class_type: 'KSampler', inputs: { seed: 1, steps: 20, model: ['b', 0] }, _meta: { title: 'x' } },
      b: { class_type: 'RandomNoise', inputs: { noise_seed: 0 } },
      c: { class_type: 'KSampler', inputs: { seed: ['b', 0], steps: 1 } },
      d: { class_type: 'Odd', inputs: { seed: '7', noise_seed: 2 } },
      e: { class_type: 'SaveImage', inputs: { filename_prefix: 'seed' } },
      f: { class_type: 'PrimitiveInt', inputs: { value: 18446744073709551615n } },
      g: { class_type: 'KSampler', inputs: { seed: ['f', 0], noise_seed: ['gone', 0] } },
      h: { class_type: 'KSampler', inputs: { seed: ['f', 0] } },
    });
    let last = 100;
    expect(
      withNewSeeds(graph, () => {
        last += 1;
        return last;
      }),
    ).toEqual({
      a: { class_type: 'KSampler', inputs: { seed: 101, steps: 20, model: ['b', 0] }, _meta: { title: 'x' } },
      b: { class_type: 'RandomNoise', inputs: { noise_seed: 102 } },
      c: graph.c,
      d: { class_type: 'Odd', inputs: { seed: '7', noise_seed: 103 } },
      e: graph.e,
      f: { class_type: 'PrimitiveInt', inputs: { value: 104 } },
      g: graph.g,
      h: graph.h,
    });
  });

  test('with the seeds put back, it is the graph that it was', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const places = seedPlaces(graph);
        const back: Record<string, unknown> = { ...withNewSeeds(deepFreeze(graph), () => -1) };
        for (const { nodeId, input } of places) {
          const node = back[nodeId];
          if (typeof node !== 'object' || node === null || !('inputs' in node)) throw new Error(nodeId);
          expect(Object(node.inputs)[input]).toBe(-1);
          back[nodeId] = { ...node, inputs: { ...Object(node.inputs), [input]: graph[nodeId]?.inputs[input] } };
        }
        expect(back).toEqual(graph);
      }),
    );
  });
});
