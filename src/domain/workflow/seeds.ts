import { type Graph, type GraphNode, isLink } from './graph.ts';

const SEEDS = ['seed', 'noise_seed'];
/** What primitive nodes call their number. */
const GIVEN = ['value', 'int', 'number'];

/** Small enough for every JSON reader, large enough never to be drawn twice in a class. */
export const SEED_LIMIT = 2 ** 48;

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';

type Place = { readonly nodeId: string; readonly input: string };

/** Where the seeds of a graph stand: in nodes that use them, or in primitive nodes that these are linked to. Each once. */
export function seedPlaces(graph: Graph): Place[] {
  const places = Object.entries(graph).flatMap(([nodeId, { inputs }]) =>
    SEEDS.flatMap((name): Place[] => {
      const value = inputs[name];
      if (isNumber(value)) return [{ nodeId, input: name }];
      if (!isLink(value)) return [];
      const given = GIVEN.find((input) => isNumber(graph[value[0]]?.inputs[input]));
      return given === undefined ? [] : [{ nodeId: value[0], input: given }];
    }),
  );
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

/** A copy in which every seed is another one: `next` gives a whole number below `SEED_LIMIT`. */
export function withNewSeeds(graph: Graph, next: () => number): Graph {
  const copy: Record<string, GraphNode> = { ...graph };
  for (const { nodeId, input } of seedPlaces(graph)) {
    const node = copy[nodeId];
    if (node) copy[nodeId] = { ...node, inputs: { ...node.inputs, [input]: next() } };
  }
  return copy;
}
