import { type Graph, isLink } from './graph.ts';

/** The part of a graph that these nodes need: they, and all that they are linked to. Unknown ids are left out. */
export function graphPart(graph: Graph, targets: readonly string[]): Graph {
  const needed = new Set<string>();
  const open = targets.filter((id) => Object.hasOwn(graph, id));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    for (const value of Object.values(graph[id]?.inputs ?? {}))
      if (isLink(value) && Object.hasOwn(graph, value[0])) open.push(value[0]);
  }
  return Object.fromEntries(Object.entries(graph).filter(([id]) => needed.has(id)));
}
