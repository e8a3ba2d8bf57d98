import { type Graph, isRecord } from '../workflow/graph.ts';
import { toGraphJson } from '../workflow/graph-json.ts';

type Inputs = Readonly<Record<string, unknown>>;

const isSame = (a: unknown, b: unknown): boolean => toGraphJson(a) === toGraphJson(b);

/** Which names have each value, as JSON, in their order. Made once for a node, which may have very many. */
function byValue<T>(
  entries: readonly (readonly [T, unknown])[],
): ReadonlyMap<string | undefined, ReadonlyMap<T, number>> {
  const found = new Map<string | undefined, Map<T, number>>();
  for (const [name, value] of entries) {
    const json = toGraphJson(value);
    const alike = found.get(json) ?? new Map<T, number>();
    alike.set(name, alike.size);
    found.set(json, alike);
  }
  return found;
}

/** Where in a node's list of widgets its inputs stand; null for one of which that is not certain, because the editor does not name them. */
function placesOf(widgets: readonly unknown[], inputs: Inputs): (input: string) => number | null {
  const names = byValue(Object.entries(inputs));
  const places = byValue(widgets.map((value, at) => [at, value] as const));
  const orders = new Map([...places].map(([json, alike]) => [json, [...alike.keys()]]));
  return (input) => {
    const json = toGraphJson(inputs[input]);
    const [alike, order] = [names.get(json), orders.get(json)];
    // ComfyUI writes a graph's inputs in the order of the widgets: as many of the same value stand in the same order.
    return alike && alike.size === order?.length ? (order[alike.get(input) ?? -1] ?? null) : null;
  };
}

function withValues(node: Record<string, unknown>, before: Inputs, after: Inputs): Record<string, unknown> | null {
  const names = Object.keys(after).filter((name) => !isSame(before[name], after[name]));
  const { widgets_values: widgets } = node;
  if (isRecord(widgets)) {
    if (names.some((name) => !isSame(widgets[name], before[name]))) return null;
    return { ...node, widgets_values: { ...widgets, ...Object.fromEntries(names.map((name) => [name, after[name]])) } };
  }
  if (!Array.isArray(widgets)) return null;
  const places = names.map(placesOf(widgets, before));
  const next: unknown[] = [...widgets];
  for (const [at, place] of places.entries()) {
    if (place === null) return null;
    next[place] = after[names[at] ?? ''];
  }
  return { ...node, widgets_values: next };
}

/**
 * The editor's own workflow with the values that `after` has and `before` has not. Null when one of them cannot be placed for certain (a node inside a
 * subgraph, a widget whose place is not known): the graph in API format then is the only one that tells the truth, and the editor opens that too.
 */
export function withWidgets(workflow: unknown, before: Graph, after: Graph): Record<string, unknown> | null {
  if (!isRecord(workflow) || !Array.isArray(workflow.nodes)) return null;
  const wanted = new Map(
    Object.entries(after).filter(
      ([id, { inputs }]) => before[id] && before[id].inputs !== inputs && !isSame(before[id].inputs, inputs),
    ),
  );
  const nodes = workflow.nodes.map((node: unknown): unknown => {
    if (!isRecord(node)) return node;
    const id = String(node.id);
    const changed = wanted.get(id);
    const old = before[id];
    if (!changed || !old || node.type !== changed.class_type) return node;
    wanted.delete(id);
    return withValues(node, old.inputs, changed.inputs);
  });
  return wanted.size > 0 || nodes.includes(null) ? null : { ...workflow, nodes };
}
