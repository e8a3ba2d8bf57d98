import { type Graph, linksOf } from '../workflow/graph.ts';

/** Of one node; a graph may have thousands of outputs. */
const MAX_DEPENDENTS = 50;

/** Which outputs are made from which of these broken nodes, and how many outputs are made from none of them. Each link is followed twice. */
export function dependents(
  graph: Graph,
  outputs: readonly string[],
  broken: ReadonlySet<string>,
): { readonly of: ReadonlyMap<string, readonly string[]>; readonly fine: number } {
  const order = consumersFirst(graph, outputs);
  const sets = new Map<string, Set<string>>();
  for (const id of outputs) sets.set(id, new Set([id]));
  for (const id of order)
    for (const [source] of linksOf(graph[id]!)) {
      const own = sets.get(source) ?? new Set();
      for (const output of sets.get(id) ?? []) if (own.size < MAX_DEPENDENTS) own.add(output);
      sets.set(source, own);
    }
  const places = new Map(outputs.map((id, at) => [id, at]));
  const place = (id: string): number => places.get(id) ?? 0;
  const isBroken = new Set(broken);
  for (const id of order.toReversed())
    if (linksOf(graph[id]!).some(([source]) => isBroken.has(source))) isBroken.add(id);
  return {
    of: new Map([...broken].map((id) => [id, [...(sets.get(id) ?? [])].sort((a, b) => place(a) - place(b))])),
    fine: outputs.filter((id) => !isBroken.has(id)).length,
  };
}

/** Every node that an output is made from, after all nodes that are made from it. A graph has no loop. */
function consumersFirst(graph: Graph, outputs: readonly string[]): string[] {
  const done = new Set<string>();
  const order: string[] = [];
  for (const output of outputs) {
    const path: { readonly id: string; readonly sources: string[] }[] = [];
    const enter = (id: string): void => {
      if (done.has(id) || !Object.hasOwn(graph, id)) return;
      done.add(id);
      path.push({ id, sources: linksOf(graph[id]!).map(([source]) => source) });
    };
    enter(output);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const source = top.sources.pop();
      if (source !== undefined) enter(source);
      else {
        order.push(top.id);
        path.pop();
      }
    }
  }
  return order.toReversed();
}
