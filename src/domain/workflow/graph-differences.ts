import { type Graph, isLink } from './graph.ts';
import { toGraphJson } from './graph-json.ts';

/** One setting of one node that is not the same in all graphs; `null` where a graph has no such setting. */
export type GraphDifference = {
  readonly nodeId: string;
  readonly classType: string;
  readonly input: string;
  readonly values: readonly (string | null)[];
};

const LONG = 200;

function said(value: unknown): string | null {
  if (value === undefined || isLink(value)) return null;
  const text = typeof value === 'string' ? value : toGraphJson(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

/** Settings in which graphs made from the same workflow differ: of nodes that have the same id and class in all of them. */
export function graphDifferences(graphs: readonly Graph[]): GraphDifference[] {
  const [first, ...others] = graphs;
  if (!first || others.length === 0) return [];
  return Object.entries(first).flatMap(([nodeId, node]) => {
    if (others.some((graph) => graph[nodeId]?.class_type !== node.class_type)) return [];
    const inputs = new Set(graphs.flatMap((graph) => Object.keys(graph[nodeId]?.inputs ?? {})));
    return [...inputs].flatMap((input) => {
      const values = graphs.map((graph) => said(graph[nodeId]?.inputs[input]));
      return new Set(values).size > 1 ? [{ nodeId, classType: node.class_type, input, values }] : [];
    });
  });
}
