import { describe, expect, test } from 'vitest';
import { withFiles } from '../files/file-inputs.ts';
import { fileInputs, filesMissing } from '../files/inputs.ts';
import { expectedFiles } from '../jobs/expected-files.ts';
import { promptSnippet } from '../jobs/prompt-snippet.ts';
import { fingerprintOf } from '../jobs/workload-fingerprint.ts';
import { generations } from './generation-parameters.ts';
import type { Graph, GraphNode } from './graph.ts';
import { graphDifferences } from './graph-differences.ts';
import { graphPart } from './graph-part.ts';
import { neededModels } from './needed-models.ts';
import { homecoming } from './outputs/homecoming.ts';
import { savesOf } from './outputs/outputs.ts';
import { parseGraph } from './parse-graph.ts';
import { rewriteGraph } from './rewrite.ts';
import { withNewSeeds } from './seeds.ts';

type Inputs = Record<string, unknown>;
const node = (class_type: string, inputs: Inputs): GraphNode => ({ class_type, inputs });
const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

/** Every node is linked to all of a set before it, and a save node stands behind each of many. */
function mesh(size: number): Graph {
  const links = (upTo: number): Inputs =>
    Object.fromEntries(range(14).map((n) => [`in${n}`, [`${Math.max(0, upTo - 1 - n)}`, 0]]));
  return Object.fromEntries([
    ['0', node('EmptyImage', { width: 8, height: 8, batch_size: 1, color: 0 })] as const,
    ...range(size).map((n) => [`${n + 1}`, node('ImageMix', links(n + 1))] as const),
    ...range(size).map(
      (n) =>
        [
          `save${n}`,
          node('SaveImage', { images: [`${size - (n % 7)}`, 0], filename_prefix: '%ImageMix.x%/a' }),
        ] as const,
    ),
  ]);
}

/** One long chain of nodes of the core, and all save nodes at its end. */
const chain = (size: number): Graph =>
  Object.fromEntries([
    ['0', node('EmptyImage', { width: 8, height: 8, batch_size: 1, color: 0 })] as const,
    ...range(size).map((n) => [`${n + 1}`, node('ImageInvert', { image: [`${n}`, 0] })] as const),
    ...range(size).map(
      (n) => [`save${n}`, node('SaveImage', { images: [`${size}`, 0], filename_prefix: 'a' })] as const,
    ),
    ...range(size).map((n) => [`show${n}`, node('PreviewImage', { images: [`${size}`, 0] })] as const),
  ]);

/** One node that names a file, a model and a seed in each of its inputs. */
const wide = (size: number): Graph => ({
  '0': node('EmptyImage', Object.fromEntries(range(size).map((n) => [`in${n}`, `${n}.png`]))),
  '1': node('Loader', Object.fromEntries(range(size).map((n) => [`in${n}`, `${n}.safetensors`]))),
  '2': node('SaveImage', {
    images: ['0', 0],
    filename_prefix: 'a',
    ...Object.fromEntries(range(size).map((n) => [`x${n}`, ['1', n]])),
  }),
});

/** The graph, and how often something of it was read. */
function counted(graph: Graph) {
  let reads = 0;
  const count = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, key, receiver) {
        reads += 1;
        return Reflect.get(of, key, receiver);
      },
      ownKeys(of) {
        const keys = Reflect.ownKeys(of);
        reads += keys.length;
        return keys;
      },
    });
  const watched = Object.fromEntries(
    Object.entries(graph).map(([id, { class_type, inputs }]) => [
      id,
      count({ class_type, inputs: count({ ...inputs }) }),
    ]),
  );
  return { graph: count(watched), reads: () => reads };
}

const RULES: Readonly<Record<string, (graph: Graph) => unknown>> = {
  parseGraph,
  homecoming: (graph) => homecoming(graph, '999.0'),
  'rewriteGraph for a new worker': (graph) =>
    rewriteGraph(graph, '00000000-0000-4000-8000-000000000000', { version: '0.33.0' }, 0),
  'rewriteGraph for an old worker': (graph) =>
    rewriteGraph(graph, '00000000-0000-4000-8000-000000000000', { version: '0.3.10' }, 0),
  generations: (graph) =>
    generations(
      graph,
      savesOf(graph).map(({ nodeId }) => nodeId),
    ),
  expectedFiles,
  fingerprintOf,
  promptSnippet,
  neededModels,
  'withFiles and filesMissing': (graph) => {
    const files = fileInputs(graph);
    return [withFiles(graph, files, ({ name }) => `x${name}`), filesMissing(files)];
  },
  withNewSeeds: (graph) => withNewSeeds(graph, () => 1),
  graphPart: (graph) => graphPart(graph, Object.keys(graph)),
  graphDifferences: (graph) => graphDifferences([graph, graph]),
};
/** The effort that is spent on what results were made with has a part that does not grow. */
const STEADY = 40_000;
const SIZES = [240, 960] as const;

describe.each(Object.entries({ mesh, chain, wide }))('%s', (_, graphOf) => {
  test.each(Object.entries(RULES))('%s reads as much as the graph is large', (_, rule) => {
    const [small, large] = SIZES.map((size) => {
      const { graph, reads } = counted(graphOf(size));
      rule(graph);
      return reads();
    });
    expect((large ?? 0) - STEADY).toBeLessThanOrEqual(4.4 * (small ?? 0));
  });
});
