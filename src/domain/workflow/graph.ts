import { AppError } from '../errors.ts';

export type Link = readonly [nodeId: string, slot: number];
export type GraphNode = {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
};
/** ComfyUI's API format. */
export type Graph = Readonly<Record<string, GraphNode>>;

export const MAX_GRAPH_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export const isLink = (value: unknown): value is Link =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);

const links = new WeakMap<GraphNode, readonly Link[]>();

/** Kept: every rule asks for them, and a graph may have 25,000. */
export function linksOf(node: GraphNode): readonly Link[] {
  const found = links.get(node) ?? Object.values(node.inputs).filter(isLink);
  links.set(node, found);
  return found;
}

/** The ids of all nodes that others are linked to. */
export function linkedIds(graph: Graph): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const node of Object.values(graph)) for (const [id] of linksOf(node)) ids.add(id);
  return ids;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Refuses what is too deep, or could reach an object's prototype, before anything else looks at it. */
export function assertPlainJson(value: unknown, what: string, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw new AppError('invalid_graph', `${what} is nested more than ${MAX_DEPTH} levels deep.`);
  if (Array.isArray(value)) {
    for (const item of value) assertPlainJson(item, what, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key))
      throw new AppError('invalid_graph', `${what} has a key named "${key}", which is not allowed.`);
    assertPlainJson(item, what, depth + 1);
  }
}
